/** Whether a company that stands at the platform is the one that we told: there it stands by its name, we tell its code. */
import type { Ask, Asked, Call } from '../adapter.ts';
import { Fields } from '../fields.ts';

/** Codes and names of all companies. Source: taobao.logistics.companies.get, request classes and answers in several sellers' programs, read 2026-11-26. */
const companies: Call = { method: 'taobao.logistics.companies.get', params: { fields: 'code,name' } };

const isText = (a: string, b: string): boolean => a.trim().toUpperCase() === b.trim().toUpperCase();

/** Whether both are one company. */
export type SameCompany = (there: string | undefined, carrier: string) => Promise<Asked<boolean>>;

/** Asks for the list when it is first needed, and once. A name that it does not know says nothing: then both count as the same, for a correction would be made anew each time. */
export function companyBook(ask: Ask): SameCompany {
  let listed: Promise<Asked<readonly Company[]>> | undefined;
  return async (there, carrier) => {
    if (there === undefined || isText(there, carrier)) return { ok: true, value: true };
    const book = await (listed ??= listCompanies(ask));
    if (!book.ok) return book;
    const named = book.value.filter(({ code, name }) => isText(code, there) || isText(name, there));
    return { ok: true, value: named.length === 0 || named.some(({ code }) => isText(code, carrier)) };
  };
}

interface Company {
  readonly code: string;
  readonly name: string;
}
/** Without the right to ask for it nothing is known. */
async function listCompanies(ask: Ask): Promise<Asked<readonly Company[]>> {
  const answer = await ask(companies);
  if (!answer.ok) return answer.failure.class === 'do_not' ? { ok: true, value: [] } : answer;
  const found = new Fields(answer.data).child('logistics_companies').each('logistics_company');
  return { ok: true, value: found.map((each) => ({ code: each.text('code') ?? '', name: each.text('name') ?? '' })) };
}
