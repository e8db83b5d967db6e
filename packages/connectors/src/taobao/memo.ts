/** The seller's memo of a trade, where our order key stands. Source: trade.memo.update, request class of an official SDK, read 2026-11-25. */
import type { Call } from '../adapter.ts';

/** "At most 1,000 bytes." Counted as UTF-8, the longer of the two ways in which it may be counted. */
export const MAX_MEMO_BYTES = 1_000;

export const readMemo = (tid: string): Call => ({
  method: 'taobao.trade.fullinfo.get',
  params: { fields: 'tid,seller_memo,seller_flag', tid },
});

/**
 * Replaces the whole memo, so `memo` must be the one just read, with our mark; it adds one where none is. The flag is sent as it was read: left out, it would become grey.
 * `reset` false means that an empty memo would be ignored.
 */
export const writeMemo = (tid: string, memo: string, flag: string | undefined): Call => ({
  method: 'taobao.trade.memo.update',
  params: { tid, memo, reset: false, ...(flag === undefined ? {} : { flag }) },
});
