/** Wall-clock times of a table that names no zone → ISO 8601 with the offset that was in force there and then, by the runtime's tz database. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export interface ZonedText {
  readonly text: string;
  /** `unclear`: that hour did not exist, or existed twice. Then the text has no offset, since choosing one would be a guess. */
  readonly isClear: boolean;
}

export interface Zone {
  toText(wall: WallTime): ZonedText;
}

const DAY_MS = 86_400_000;
const two = (value: number): string => String(value).padStart(2, '0');
const four = (value: number): string => String(value).padStart(4, '0');

export function createZone(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const offsetMinutesAt = (utcMs: number): number => {
    const parts = Object.fromEntries(format.formatToParts(utcMs).map((part) => [part.type, Number(part.value)])) as unknown as WallTime;
    return (wallAsUtc(parts) - utcMs) / 60_000;
  };
  return {
    toText(wall) {
      const asUtc = wallAsUtc(wall);
      const tried = new Set([offsetMinutesAt(asUtc - DAY_MS), offsetMinutesAt(asUtc + DAY_MS)]);
      const fitting = [...tried].filter((minutes) => offsetMinutesAt(asUtc - minutes * 60_000) === minutes);
      const bare = `${four(wall.year)}-${two(wall.month)}-${two(wall.day)}T${two(wall.hour)}:${two(wall.minute)}:${two(wall.second)}`;
      const [only] = fitting;
      return fitting.length === 1 && only !== undefined ? { text: bare + offsetText(only), isClear: true } : { text: bare, isClear: false };
    },
  };
}

const wallAsUtc = (wall: WallTime): number => Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Reads numbers out of a time by a pattern with the named groups of `WallTime` (`second` may be missing: the source has none, so :00). */
export function readWallTime(text: string, pattern: RegExp): WallTime {
  const groups = pattern.exec(text)?.groups;
  if (!groups) throw new Error(`"${text}" is not a time in the form this table is known to use`);
  const number = (name: keyof WallTime): number => Number(groups[name] ?? 0);
  return {
    year: number('year'),
    month: number('month'),
    day: number('day'),
    hour: number('hour'),
    minute: number('minute'),
    second: number('second'),
  };
}
