import { describe, expect, test } from 'vitest';
import type { App, Channel } from '../api/channel-types.ts';
import { ApiError } from '../api/client.ts';
import { wordsOf } from '../words/words.ts';
import {
  appFaults,
  appWish,
  choosingChannel,
  type ConnectForm,
  connectFaults,
  EMPTY_CONNECT,
  faultsOf,
  OWN,
  shopWish,
} from './connect-form.ts';

const zh = wordsOf('zh');
const aChannel = (more: Partial<Channel> = {}): Channel => ({
  channel: 'wechat',
  settings: [
    { name: 'apiV3Key', isRequired: true, form: 'secret', zh: '密钥', en: 'the key' },
    { name: 'pushToken', isRequired: false, form: 'secret', zh: 'Token', en: 'the Token' },
  ],
  consentCode: 'none',
  pushPath: '/v1/intake/wechat/{app}',
  links: [],
  feeds: ['orders'],
  backfillDays: 90,
  settleSeconds: 0,
  canNoteOrderKey: false,
  ...more,
});
const aForm = (more: Partial<ConnectForm> = {}): ConnectForm => ({
  ...EMPTY_CONNECT,
  channel: 'wechat',
  key: 'wx1',
  secret: 's',
  settings: { apiV3Key: 'x' },
  shop: '1600',
  ...more,
});

describe('what must be filled in', () => {
  test('is asked for at its field, and nothing else', () => {
    expect(connectFaults(EMPTY_CONNECT, undefined, zh)).toEqual({ channel: '请填写' });
    expect(connectFaults({ ...EMPTY_CONNECT, channel: 'wechat' }, aChannel(), zh)).toEqual({
      key: '请填写',
      secret: '请填写',
      'settings/apiV3Key': '请填写',
      shop: '请填写',
    });
    expect(connectFaults(aForm(), aChannel(), zh)).toEqual({});
    expect(connectFaults(aForm({ settings: { apiV3Key: '  ' } }), aChannel(), zh)).toEqual({ 'settings/apiV3Key': '请填写' });
  });
  test('the code only where the channel needs one', () => {
    expect(connectFaults(aForm(), aChannel({ consentCode: 'needed' }), zh)).toEqual({ code: '请填写' });
    expect(connectFaults(aForm(), aChannel({ consentCode: 'optional' }), zh)).toEqual({});
  });
  test('nothing of the app where a registered one is used', () => {
    expect(connectFaults(aForm({ app: 'app_1', key: '', secret: '', settings: {} }), aChannel(), zh)).toEqual({});
  });
  test('of a system of our own a channel id that can be one', () => {
    expect(connectFaults({ ...EMPTY_CONNECT, channel: OWN, shop: 'tea', ownChannel: 'Own' }, undefined, zh)).toHaveProperty('ownChannel');
    expect(connectFaults({ ...EMPTY_CONNECT, channel: OWN, shop: 'tea' }, undefined, zh)).toEqual({});
  });
  test('a setting that the app has already may stay empty', () => {
    expect(appFaults(aForm({ settings: {} }), aChannel(), zh, ['apiV3Key'])).toEqual({});
  });
});

describe('the wishes', () => {
  test('hold what was filled in, without what a paste left around it', () => {
    const form = aForm({ secret: ' s\n', settings: { apiV3Key: ' x ', pushToken: '  ' }, code: ' c ', name: ' 店 ' });
    expect(appWish('wechat', form)).toEqual({ channel: 'wechat', key: 'wx1', secret: 's', name: 'wx1', settings: { apiV3Key: 'x' } });
    expect(shopWish(form, 'app_1')).toEqual({ channel: 'wechat', shop: '1600', name: '店', app: 'app_1', credentials: { code: 'c' } });
  });
  test('hold no settings where none was filled in, and no code where there is none', () => {
    expect(appWish('wechat', aForm({ settings: {} }))).not.toHaveProperty('settings');
    expect(shopWish(aForm(), 'app_1')).toMatchObject({ credentials: {}, name: '1600' });
  });
  test('name no app for a system of our own', () => {
    expect(shopWish(aForm({ channel: OWN, ownChannel: 'own' }), null)).toEqual({ channel: 'own', shop: '1600', name: '1600' });
  });
});

test('another channel forgets what was typed for an app, and takes an app of its own', () => {
  const apps = [{ id: 'app_9', channel: 'douyin' } as App];
  expect(choosingChannel(aForm({ code: 'c' }), 'douyin', apps)).toMatchObject({
    channel: 'douyin',
    app: 'app_9',
    secret: '',
    settings: {},
    code: '',
    shop: '1600',
  });
  expect(choosingChannel(aForm(), 'taobao', apps)).toMatchObject({ channel: 'taobao', app: '' });
});

describe('what the server says', () => {
  const refused = (...problems: readonly object[]) =>
    new ApiError(400, 'request.invalid', { code: 'request.invalid', problems } as unknown as ApiError['document']);
  const missing = { pointer: '/settings/apiV3Key', zh: '缺少字段', en: 'is missing' };
  test('stands at its field, in the language of the screen', () => {
    expect(faultsOf(refused(missing, { pointer: '/name', zh: '太长', en: 'too long' }), 'app', zh)).toEqual({
      'settings/apiV3Key': '缺少字段',
      appName: '太长',
    });
    expect(faultsOf(refused({ pointer: '/credentials/code', zh: '太长', en: 'too long' }), 'shop', wordsOf('en'))).toEqual({
      code: 'too long',
    });
    expect(faultsOf(refused({ pointer: '/name', zh: '太长', en: 'too long' }), 'shop', zh)).toEqual({ name: '太长' });
  });
  test('is shown as a whole when a part of it belongs to no field', () => {
    expect(faultsOf(refused(missing, { pointer: '/strange', zh: '?', en: '?' }), 'app', zh)).toEqual({});
    expect(faultsOf(new Error('no answer'), 'app', zh)).toEqual({});
  });
});
