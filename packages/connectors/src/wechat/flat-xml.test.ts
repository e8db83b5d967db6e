import { expect, test } from 'vitest';
import { parseFlatXml } from './flat-xml.ts';

test('fields of text and CDATA, a list below, an empty field, the five entities', () => {
  const text = `<xml>
    <ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName>
    <CreateTime>1771898400</CreateTime>
    <Event><![CDATA[trade_manage_remind_shipping]]></Event>
    <msg><![CDATA[a <b> & "c"]]> &lt;d&gt; &amp; &quot;&apos;</msg>
    <empty/><none></none>
    <List><item><id>1</id></item><item><id>2</id></item></List>
    <transaction_id>4200002226202602220000000731</transaction_id>
  </xml>`;
  expect(parseFlatXml(text)).toEqual({
    ToUserName: 'gh_97417a04a28d',
    CreateTime: '1771898400',
    Event: 'trade_manage_remind_shipping',
    msg: 'a <b> & "c" <d> & "\'',
    empty: '',
    none: '',
    List: { item: [{ id: '1' }, { id: '2' }] },
    transaction_id: '4200002226202602220000000731',
  });
});

test.each([
  ['a doctype', '<!DOCTYPE xml [<!ENTITY a "b">]><xml><a>&a;</a></xml>'],
  ['an entity of its own', '<xml><a>&a;</a></xml>'],
  ['an external entity', '<xml><a>&#x41;</a></xml>'],
  ['an entity without an end', '<xml><a>&amp</a></xml>'],
  ['a processing instruction', '<?xml version="1.0"?><xml><a>1</a></xml>'],
  ['a comment', '<xml><!-- c --><a>1</a></xml>'],
  ['an attribute', '<xml a="1"><a>1</a></xml>'],
  ['a field that is not closed', '<xml><a>1</xml>'],
  ['something after the end', '<xml><a>1</a></xml><xml/>'],
  ['words between fields', '<xml><a>1</a>words</xml>'],
  ['no fields', '<xml>words</xml>'],
  ['nothing', ''],
  ['too deep', `${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`],
  ['too many', `<xml>${'<a>1</a>'.repeat(2_000)}</xml>`],
  ['a CDATA without an end', '<xml><a><![CDATA[x</a></xml>'],
])('%s is no message', (_, text) => {
  expect(parseFlatXml(text)).toBeNull();
});

test('names that every object answers to are fields like any other', () => {
  expect(Object.entries(parseFlatXml('<xml><__proto__>1</__proto__><toString>2</toString></xml>') ?? {})).toEqual([
    ['__proto__', '1'],
    ['toString', '2'],
  ]);
});
