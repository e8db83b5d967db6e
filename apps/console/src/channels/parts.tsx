/** Small things that the list and a shop's own panel both show. */
import type { AppLink } from '../api/channel-types.ts';
import { Ago, Card, type CardProps, Mark } from '../shared/parts.tsx';
import { spanText } from '../shared/time.ts';
import { useWords } from '../words/context.tsx';
import type { WordKey } from '../words/zh.ts';
import type { ShopRow } from './view-model.ts';

export const feedWord = (feed: string): WordKey => (feed === 'orders' ? 'channels.feed.orders' : 'channels.feed.after_sales');

export function StateMark({ row: { tone, shape, state } }: { readonly row: ShopRow }) {
  const { t } = useWords();
  return (
    <Mark tone={tone}>
      {shape} {t(`channels.state.${state}`)}
    </Mark>
  );
}

/** How late something is; what catches up by itself asks nobody to look. */
export function LateBy({ ms, isMoving }: { readonly ms: number; readonly isMoving: boolean }) {
  return (
    <span className={isMoving ? 'tone-moving' : 'tone-waiting'}>
      {isMoving ? '▶' : '▲'} {spanText(ms)}
    </span>
  );
}

/** Up or down, and since when. */
export function LinkState({ link: { kind, upSince, downSince } }: { readonly link: AppLink }) {
  const { t } = useWords();
  const since = upSince ?? downSince;
  const [word, tone, shape] =
    upSince !== null
      ? ([t('channels.up'), 'soft', '●'] as const)
      : downSince === null
        ? ([t('channels.connecting'), 'tone-moving', '▶'] as const)
        : ([t('channels.down'), 'tone-bad', '■'] as const);
  return (
    <span className="link-state">
      {t(`channels.kind.${kind}`)}{' '}
      <span className={tone}>
        {shape} {word}
        {since !== null && (
          <>
            {' · '}
            <Since at={since} />
          </>
        )}
      </span>
    </span>
  );
}

/** "3 分钟前起": the words stand around a time that ticks. */
export function Since({ at }: { readonly at: string }) {
  const { t } = useWords();
  const [before, after] = t('channels.since', { ago: '\0' }).split('\0');
  return (
    <>
      {before}
      <Ago at={at} />
      {after}
    </>
  );
}

/** A piece of a shop's own panel. */
export const Part = (props: Omit<CardProps, 'className'>) => <Card {...props} className="shop-part" />;
