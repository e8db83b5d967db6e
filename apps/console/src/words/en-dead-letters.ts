import type { zhDeadLetters } from './zh-dead-letters.ts';

/** Words of the dead letters: what happened, what it means for the order, what to do. The causes' own words are the contract's, but for the few that do not fit here. */
export const enDeadLetters: Readonly<Record<keyof typeof zhDeadLetters, string>> = {
  'nav.deadLetters': 'Dead letters',
  'dead.title': 'Dead letters',
  'dead.lead':
    'What is no longer tried by itself: changes that a channel would not take, and messages that could not be worked on. Each says why, and what to do.',
  'dead.all': 'All',
  'dead.out': 'Refused',
  'dead.in': 'Not worked on',
  'dead.empty': 'No dead letters: channels were told everything, and every message was worked on.',
  'dead.emptyOut': 'There is no change that a channel would not take.',
  'dead.emptyIn': 'There is no message that could not be worked on.',
  'dead.gone':
    'This dead letter is not here any more: another try may have succeeded, or it is not of your shops. Load more for older ones.',
  'dead.seeAll': 'Show dead letters',

  'dead.at': 'When',
  'dead.direction': 'Direction',
  'dead.shop': 'Channel and shop',
  'dead.order': 'Order',
  'dead.what': 'What',
  'dead.cause': 'Cause',
  'dead.attempts': 'Tries',
  'dead.next': 'To do',
  'dead.message': 'message {id}',
  'dead.attemptsOf': 'tries: {n}',
  'dead.code': 'Channel’s code',

  'deadWhat.ship': 'Report shipping',
  'deadWhat.remark': 'Note the order key',
  'deadWhat.message': 'Work on a message',
  'deadWhat.fetch': 'Fetch the detail',

  'dead.retry': 'Try again',
  'dead.queued': 'Queued again',
  'dead.queuedLead': 'The channel is told again in a moment; this row goes once that succeeds.',
  'dead.queuedMessage': 'It is worked once more, as it came; if that fails again there is a new letter.',
  'dead.queuedFetch': 'The detail is asked for at once; the row goes when it has come.',
  'dead.channelOrderId': 'Order at the platform',
  'dead.errorOf': '{what}. {todo}',
  'dead.errorGone': 'Somebody else may have tried it already: the list renews itself; if the row is still here, press once more.',
  'dead.errorLater': 'Press once more in a while; however often, the channel is told once.',
  'dead.errorAsk': 'Ask an administrator.',
  'dead.goReviews': 'See reviews',
  'dead.goOrder': 'See the order',
  'dead.goChannels': 'See channels',
  'dead.askRole': 'Administrators, operations and customer service may try it again.',

  'dead.happened': 'What happened',
  'dead.happened.ship': 'We told the channel that parcels of this order left, without success. {cause}.',
  'dead.happened.remark': 'We wanted to write our order key into the seller’s note at the platform, without success. {cause}.',
  'dead.happened.message': 'A message came that could not be worked on. {cause}.',
  'dead.happened.fetch': 'The platform said that this order changed; its detail could not be had. {cause}.',
  'dead.means': 'What it means for the order',
  'dead.means.ship':
    'The channel does not know yet that the parcels left: the buyer sees no tracking, and past the platform’s deadline it may count as shipped late. Parcels and records here are not affected.',
  'dead.means.remark': 'The seller’s note at the platform lacks our order key; compare by the platform’s own id. Shipping is not affected.',
  'dead.means.message':
    'The change in this message is not in the order. Its order is held and waits for review; other orders are not affected.',
  'dead.means.fetch': 'The newest detail of this order is missing: until it comes, it is neither shipped nor sent to other systems.',
  'dead.todo': 'What to do',
  'dead.stays': 'Once it is settled, this row goes away by itself; nothing more is needed.',
  'dead.ids': 'Ids',
  'dead.id': 'Dead letter',
  'dead.messageId': 'Message',
  'dead.trace': 'On the command line',
  'dead.openMessage': 'Show the message',

  'deadCause.no_answer': 'The channel never answered',
  'deadCause.throttled': 'The channel kept asking us to slow down',
  'deadCause.risk_check': 'The order stayed in the channel’s risk check',
  'deadCause.after_sale_open': 'The buyer’s refund request stayed open',
  'deadCause.failed': 'Weir itself failed',
  'deadCause.message.failed': 'Weir failed while working on it',

  'deadDo.no_answer': 'See on the page Channels whether this shop is well, then try again.',
  'deadDo.throttled': 'Wait until the channel’s busy hours are over, then try again.',
  'deadDo.no_token': 'Renew the shop’s consent on the page Channels, then try again.',
  'deadDo.not_connected': 'Connect the shop through an app on the page Channels, then try again.',
  'deadDo.risk_check': 'Look at the risk check at the platform; try again once the order is let through.',
  'deadDo.after_sale_open':
    'Settle the refund request at the platform first. If it was refused, try again; if it was granted, stop the parcel.',
  'deadDo.ended_there': 'Ask the carrier to stop the parcel; where that fails, open an after-sale. Another try ends the same way.',
  'deadDo.unpaid_there': 'Check the payment at the platform. If it was paid, try again; if it was not, stop the parcel.',
  'deadDo.number_wrong':
    'Compare with the waybill and press “Correct number” on the order’s page, or let the warehouse system report the parcel again with :ship; the channel is then told by itself, without another try.',
  'deadDo.number_used':
    'Take another tracking number and press “Correct number” on the order’s page, or let the warehouse system report the parcel again with :ship; the channel is then told by itself, without another try.',
  'deadDo.carrier_wrong':
    'Check the carrier and press “Correct number” on the order’s page, or let the warehouse system report the parcel again with :ship; the channel is then told by itself, without another try.',
  'deadDo.shipped_otherwise':
    'Compare the parcels at the platform. If those are wrong, put our tracking number there and try again; if they are right, correct ours on the order’s page.',
  'deadDo.phone_needed':
    'Ask an administrator to set the sender’s phone in the shop’s app on the page Channels, then try again; or enter the parcel at the platform, and try again to compare.',
  'deadDo.corrections_used': 'Ask the channel’s support to put our tracking number there; afterwards try again to compare.',
  'deadDo.refused': 'Look the code up in the platform’s manual, settle it, then try again.',
  'deadDo.failed': 'Ask an administrator to look for write_back.failed in the log; once it is repaired, try again.',
  'deadDo.message.failed':
    'Settle the order that is held for it among the reviews; if it is not there, an administrator looks at the message itself (below, or with weir trace).',
  'deadDo.fetch.refused':
    'Look at the shop’s consent and permissions on the page Channels, then press Try again. It is also fetched after a renewed consent, or when the platform sends another message.',
};
