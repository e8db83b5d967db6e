/** What deliveries of one endpoint are signed with: its secret, and for a while after a rotation the one before as well. */
export interface Secret {
  /** `whsec_` + base64. */
  readonly text: string;
  /** ms UTC; null: until it is replaced. */
  readonly until: number | null;
}
export interface Secrets {
  /** Applies from the next try on. */
  replace(secrets: readonly Secret[]): void;
  /** The live ones, newest first. */
  at(now: number): readonly string[];
}

export function createSecrets(first: readonly Secret[]): Secrets {
  let known = first;
  return {
    replace: (secrets) => void (known = secrets),
    at: (now) => known.filter(({ until }) => until === null || until > now).map(({ text }) => text),
  };
}
