/** What a person may do with an endpoint: pause, let go on, replace its secret, remove it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { askEndpoint } from '../api/mutations.ts';
import { meQuery } from '../api/queries.ts';
import type { Endpoint } from '../api/types.ts';
import { may } from '../shared/may.ts';
import { Failed } from '../shared/states.tsx';
import { useTell } from '../shared/tell.tsx';
import { useWords } from '../words/context.tsx';
import { ChangeDialog } from './change-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { SecretDialog } from './secret-dialog.tsx';
import { type Act, ADDRESSES, actsOf } from './view-model.ts';

const WORDS = {
  pause: 'endpoint.pause',
  resume: 'endpoint.resume',
  deliverNow: 'endpoint.deliverNow',
  change: 'endpoint.change',
  rotate: 'endpoint.rotate',
  remove: 'endpoint.remove',
} as const satisfies Readonly<Record<Act, string>>;
/** What is asked of the server at once; null: in a dialog. */
const VERBS = {
  pause: 'pause',
  resume: 'resume',
  deliverNow: 'resume',
  change: null,
  rotate: null,
  remove: null,
} as const satisfies Readonly<Record<Act, 'pause' | 'resume' | null>>;
const DONE = { pause: 'endpoint.pauseDone', resume: 'endpoint.resumeDone' } as const;

export function EndpointActs({ endpoint }: { readonly endpoint: Endpoint }) {
  const { t } = useWords();
  const client = useQueryClient();
  const { tell } = useTell();
  const { data: me } = useQuery(meQuery);
  const [dialog, setDialog] = useState<Act | null>(null);
  const changing = useMutation({
    mutationFn: (verb: 'pause' | 'resume') => askEndpoint(endpoint.id, verb),
    onSuccess: (_, verb) => tell(t(DONE[verb])),
    onSettled: () => client.invalidateQueries(), // the overview, what waits here, and replays that go on
  });
  const acts = actsOf(endpoint).filter((act) => may(me, ADDRESSES[act]));
  if (acts.length === 0) return null;
  const act = (one: Act): void => {
    const verb = VERBS[one];
    if (verb === null) setDialog(one);
    else changing.mutate(verb);
  };
  return (
    <>
      <div className="endpoint-acts">
        {acts.map((one) => (
          <Button
            key={one}
            size="small"
            className={`endpoint-${one}`}
            danger={one === 'remove'}
            loading={changing.isPending && changing.variables === VERBS[one]}
            onClick={() => act(one)}
          >
            {t(WORDS[one])}
          </Button>
        ))}
      </div>
      {changing.error && <Failed error={changing.error} />}
      {dialog === 'change' && <ChangeDialog endpoint={endpoint} close={() => setDialog(null)} />}
      {dialog === 'rotate' && <SecretDialog endpoint={endpoint} close={() => setDialog(null)} />}
      {dialog === 'remove' && <RemoveDialog endpoint={endpoint} close={() => setDialog(null)} />}
    </>
  );
}
