/**
 * Under which name each call answers. It does not follow from the call's name, so it is a table; two of the names are the platform's own slips. Source: our
 * protocol notes, and for the calls marked [G] three community SDKs generated from the official documents; read 2026-11-25.
 */
export const ROOT_KEYS: ReadonlyMap<string, string> = new Map([
  ['pdd.order.number.list.increment.get', 'order_sn_increment_get_response'],
  ['pdd.order.list.get', 'order_list_get_response'],
  ['pdd.order.information.get', 'order_info_get_response'],
  ['pdd.order.status.get', 'order_status_get_response'],
  ['pdd.refund.list.increment.get', 'refund_increment_get_response'],
  ['pdd.refund.status.check', 'refund_status_check_response'],
  ['pdd.logistics.online.send', 'logistics_online_send_response'],
  ['pdd.logistics.ordertrace.get', 'logistics_ordertrace_get_resposne'],
  ['pdd.order.update.address', 'response'],
  ['pdd.pmc.user.permit', 'pmc_user_permit_response'],
  ['pdd.pmc.accrue.query', 'pmc_user_get_response'],
  ['pdd.order.note.update', 'response'], // [G]
  ['pdd.order.upload.extra.logistics', 'upload_extra_logistics_response'], // [G]
  ['pdd.open.decrypt.batch', 'open_decrypt_batch_response'], // [G]
  ['pdd.pop.auth.token.create', 'pop_auth_token_create_response'], // [G]
  ['pdd.pop.auth.token.refresh', 'pop_auth_token_refresh_response'], // [G]
]);
