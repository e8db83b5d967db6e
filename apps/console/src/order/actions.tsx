/** Hold, cancel, change address: each says what it will do before it does it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { command, type OrderVerb } from '../api/mutations.ts';
import type { Order, Person } from '../api/types.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Failed } from '../shared/states.tsx';
import { useTell } from '../shared/tell.tsx';
import { useWishes } from '../shared/wish-key.ts';
import { useWords } from '../words/context.tsx';

export type Action = 'hold' | 'changeAddress' | 'cancel';
const REASON_LIMIT = 500;
const RECEIVER_FIELDS = [
  ['name', 100],
  ['phone', 40],
  ['province', 60],
  ['city', 60],
  ['district', 60],
  ['detail', 500],
] as const;
type ReceiverField = (typeof RECEIVER_FIELDS)[number][0];

const TITLES = { hold: 'act.holdTitle', changeAddress: 'act.addressTitle', cancel: 'act.cancelTitle' } as const;
const LEADS = { hold: 'act.holdLead', changeAddress: 'act.addressLead', cancel: 'act.cancelLead' } as const;
const BUTTONS = { hold: 'act.hold', changeAddress: 'act.addressGo', cancel: 'act.cancelGo' } as const;

/** One command on the version that is shown, and what to show after it. */
export function useCommand(order: Pick<Order, 'orderKey' | 'version'>, onDone: () => void) {
  const client = useQueryClient();
  const { tellAnswer } = useTell();
  const { press, settle } = useWishes();
  return useMutation({
    mutationFn: (verb: OrderVerb) => {
      const { key, version } = press(verb, order.version);
      return command(order.orderKey, verb, { ifMatch: version, idempotencyKey: key });
    },
    onSuccess: (answer) => {
      tellAnswer(answer);
      onDone();
    },
    onSettled: (_, error, verb) => {
      settle(verb, error);
      return client.invalidateQueries({ queryKey: ['order', order.orderKey] });
    },
  });
}

export function ActionDialog({ action, order, close }: { readonly action: Action; readonly order: Order; readonly close: () => void }) {
  const { t } = useWords();
  const [why, setWhy] = useState('');
  const [receiver, setReceiver] = useState<Partial<Record<ReceiverField, string>>>({});
  const [isAsked, setAsked] = useState(false);
  const asking = useCommand(order, close);
  const missing =
    action === 'hold' ? why.trim() === '' : action === 'changeAddress' && RECEIVER_FIELDS.some(([field]) => !receiver[field]?.trim());
  const ask = (): void => {
    setAsked(true);
    if (!missing) asking.mutate(verbOf(action, why.trim(), receiver));
  };
  return (
    <Dialog
      title={t(TITLES[action], { key: order.orderKey })}
      okText={t(BUTTONS[action])}
      okButtonProps={{ danger: action === 'cancel' }}
      isBusy={asking.isPending}
      cancelText={t(action === 'cancel' ? 'act.keep' : 'do.cancel')}
      onOk={ask}
      close={close}
    >
      <p className="soft">{t(LEADS[action])}</p>
      {action === 'changeAddress' ? (
        <div className="receiver-form">
          {RECEIVER_FIELDS.map(([field, limit], index) => {
            const isMissing = isAsked && !receiver[field]?.trim();
            return (
              <label key={field} className={`receiver-${field}`}>
                {t(`receiver.${field}`)}
                <Input
                  autoFocus={index === 0}
                  autoComplete="off"
                  maxLength={limit}
                  status={isMissing ? 'error' : ''}
                  aria-invalid={isMissing}
                  value={receiver[field] ?? ''}
                  onChange={(event) => setReceiver({ ...receiver, [field]: event.target.value })}
                />
                {isMissing && <span className="tone-bad">{t('act.missing')}</span>}
              </label>
            );
          })}
        </div>
      ) : (
        <label>
          {t(action === 'hold' ? 'act.holdWhy' : 'act.cancelReason')}
          <Input.TextArea
            autoFocus
            rows={3}
            maxLength={REASON_LIMIT}
            value={why}
            status={isAsked && missing ? 'error' : ''}
            aria-invalid={isAsked && missing}
            onChange={(event) => setWhy(event.target.value)}
          />
          {isAsked && missing && <span className="tone-bad">{t('act.missing')}</span>}
        </label>
      )}
      {asking.error && <Failed error={asking.error} title={t(BUTTONS[action])} />}
    </Dialog>
  );
}

function verbOf(action: Action, why: string, receiver: Partial<Record<ReceiverField, string>>): OrderVerb {
  if (action === 'hold') return { verb: 'hold', body: { why } };
  if (action === 'cancel') return { verb: 'cancel', body: why === '' ? {} : { reason: why } };
  const trimmed = Object.fromEntries(Object.entries(receiver).map(([field, value]) => [field, value.trim()])) as Person;
  return { verb: 'changeAddress', body: { receiver: trimmed } };
}
