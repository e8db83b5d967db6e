/** Customers who do not exist. Names are put together from common characters; the cities are real, the streets and numbers are not. */
import type { NeutralOrder } from '@weir/contract';
import type { Dice } from './random.ts';

export type Receiver = NonNullable<NeutralOrder['receiver']>;
export interface Person {
  readonly buyerId: string;
  readonly nick: string;
  readonly receiver: Receiver;
}

const SURNAMES = Array.from('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧');
const GIVEN = Array.from('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰峰鑫宁欣怡子涵浩然雨桐梓萱一诺思远嘉豪');
const PLACES = [
  ['北京市', '北京市', '海淀区'],
  ['上海市', '上海市', '浦东新区'],
  ['广东省', '深圳市', '南山区'],
  ['广东省', '广州市', '天河区'],
  ['浙江省', '杭州市', '余杭区'],
  ['浙江省', '义乌市', '稠城街道'],
  ['江苏省', '苏州市', '姑苏区'],
  ['江苏省', '南京市', '江宁区'],
  ['四川省', '成都市', '武侯区'],
  ['四川省', '都江堰市', '灌口街道'],
  ['湖北省', '武汉市', '洪山区'],
  ['陕西省', '西安市', '雁塔区'],
  ['山东省', '青岛市', '崂山区'],
  ['福建省', '厦门市', '思明区'],
  ['辽宁省', '大连市', '甘井子区'],
  ['新疆维吾尔自治区', '乌鲁木齐市', '天山区'],
  ['西藏自治区', '拉萨市', '城关区'],
  ['海南省', '三亚市', '吉阳区'],
] as const;
const STREETS = ['桃源里', '听雨路', '望江巷', '云栖街', '青石大道', '长风胡同', '锦书路', '竹溪弄'];
const NICKS = ['爱喝茶的', '早睡早起', '山里来的', '慢半拍', '今天也要加油的', '路过的'];
/** Mobile numbers that begin with 154 are given out to nobody in China; the zeros behind it make the invention plain to see. */
const UNUSED_PREFIX = '1540000';

const nameOf = (dice: Dice): string => dice.pick(SURNAMES) + dice.pick(GIVEN) + (dice.chance(0.6) ? dice.pick(GIVEN) : '');

export function inventPerson(dice: Dice): Person {
  const number = dice.between(0, 9_999);
  return { buyerId: `sandbox-buyer-${dice.between(1, 999_999)}`, nick: `${dice.pick(NICKS)}${number}`, receiver: inventReceiver(dice) };
}

/** What no platform masks of an address. */
export const placeOf = ({ province = '', city = '', district = '' }: Pick<Receiver, 'province' | 'city' | 'district'>): string =>
  `${province} ${city} ${district}`;

export function inventReceiver(dice: Dice): Receiver {
  const [province, city, district] = dice.pick(PLACES);
  const phone = UNUSED_PREFIX + String(dice.between(0, 9_999)).padStart(4, '0');
  const detail = `${dice.pick(STREETS)}${dice.between(1, 999)}号${dice.between(1, 30)}幢${dice.between(101, 2_904)}室`;
  return { name: nameOf(dice), phone, province, city, district, detail };
}

const REMARKS = [
  '请尽快发货',
  '不要放快递柜，谢谢',
  '生日礼物，请附贺卡🎂',
  '周末送货',
  '包装严实一点',
  '开专用发票',
  '少放冰袋',
  '門口有狗，請先打電話',
];
export const inventRemark = (dice: Dice): string => dice.pick(REMARKS);
