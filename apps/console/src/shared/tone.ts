/** What a colour says about an order. Never alone: a word stands with it. */
export type Tone = 'calm' | 'moving' | 'waiting' | 'bad' | 'right';

const STATUS_TONES: Readonly<Record<string, Tone>> = {
  awaiting_payment: 'calm',
  paid: 'moving',
  allocated: 'moving',
  picked: 'moving',
  packed: 'moving',
  shipped: 'moving',
  in_delivery: 'moving',
  delivered: 'calm',
  completed: 'calm',
  cancelled: 'calm',
  closed: 'calm',
};
export const statusTone = (status: string | null): Tone => (status === null ? 'waiting' : (STATUS_TONES[status] ?? 'calm'));
