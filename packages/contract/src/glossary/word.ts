/** One word of the house: what people read, and what it means, in both languages. */
export interface Word {
  readonly zh: string;
  readonly en: string;
  readonly meaningZh: string;
  readonly meaningEn: string;
  /** Named in the design, not built yet: the console does not show it. */
  readonly later?: true;
}

export const word = (zh: string, en: string, meaningZh: string, meaningEn: string): Word => ({ zh, en, meaningZh, meaningEn });
export const later = (zh: string, en: string, meaningZh: string, meaningEn: string): Word => ({
  zh,
  en,
  meaningZh,
  meaningEn,
  later: true,
});
