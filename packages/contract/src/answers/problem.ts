/** How every "no" looks: an RFC 9457 problem document. The codes are the table `ERRORS`, the sentences stand there too. */
import Type from 'typebox';
import { strict } from '../values.ts';

/** One thing that is wrong: where (JSON pointer, or the name of a header or parameter), and what was expected, in both languages. */
export const ProblemItem = Type.Object(
  {
    code: Type.Optional(Type.String({ description: 'a code of docs/problems.md' })),
    severity: Type.Optional(Type.Enum(['blocking', 'warning'])),
    pointer: Type.String(),
    reading: Type.Optional(Type.String({ description: 'what was read; masked where it may be personal' })),
    expected: Type.Optional(Type.String()),
    zh: Type.String(),
    en: Type.String(),
  },
  { ...strict, $id: 'Problem' },
);

export const ProblemBody = Type.Object(
  {
    type: Type.String({ format: 'uri' }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'a code of docs/errors.md' }),
    detail: Type.String({ description: 'the sentence in English' }),
    detailZh: Type.String({ description: 'the sentence in Chinese' }),
    retry: Type.Boolean({ description: 'whether the very same request may succeed later' }),
    params: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
    problems: Type.Optional(Type.Array(ProblemItem)),
  },
  { ...strict, $id: 'ProblemDocument' },
);
