// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, FormGroup, FormSelect, FormSelectOption, Label } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { ApiError } from '../api/problem';
import { invitationsQuery } from '../api/invitations';
import type { Invitation } from '../api/types';
import { ActionForm } from '../shared/ActionForm';
import { Copyable } from '../shared/Copyable';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment, useNow } from '../shared/Moment';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';
import { ROLES } from './roles';

/** Ways into the tenant, each good once; for those who manage its members. */
export function InvitationsSection({ tenant }: { tenant: string }) {
  const query = useQuery(invitationsQuery(tenant));
  const queries = useQueryClient();
  const toasts = useToasts();
  const refresh = () => queries.invalidateQueries({ queryKey: ['invitations', tenant] });
  if (query.error instanceof ApiError && query.error.problem.status === 403) {
    return null;
  }
  const revoke = ({ id }: Invitation) => {
    ask(api.DELETE('/api/v1/tenants/{tenant}/invitations/{invitation}', { params: { path: { tenant, invitation: id } } })).then(
      refresh,
      toasts.failed,
    );
  };
  return (
    <section>
      <h2 className="berth-subhead">{t('invitations.title')}</h2>
      <p>{t('invitations.what')}</p>
      <Invite tenant={tenant} onMade={() => void refresh()} />
      <Loaded query={query}>
        {(invitations) => invitations.length > 0 && <Invitations invitations={invitations} onRevoke={revoke} />}
      </Loaded>
    </section>
  );
}

type State = 'open' | 'accepted' | 'revoked' | 'expired';

function stateOf(invitation: Invitation, now: Date): State {
  if (invitation.acceptedAt !== null) {
    return 'accepted';
  }
  if (invitation.revokedAt !== null) {
    return 'revoked';
  }
  return new Date(invitation.expiresAt) < now ? 'expired' : 'open';
}

function Invitations({ invitations, onRevoke }: { invitations: Invitation[]; onRevoke: (invitation: Invitation) => void }) {
  const now = useNow();
  return (
    <List
      label={t('invitations.title')}
      items={invitations}
      keyOf={(invitation) => invitation.id}
      columns={[
        { title: t('members.role'), show: (invitation) => t(`role.${invitation.role}`) },
        {
          title: t('invitations.state'),
          show: (invitation) => (
            <Label isCompact color={stateOf(invitation, now) === 'open' ? 'green' : 'grey'}>
              {t(`invitations.${stateOf(invitation, now)}`, { user: invitation.acceptedBy ?? '' })}
            </Label>
          ),
        },
        { title: t('invitations.by'), show: (invitation) => invitation.createdBy },
        { title: t('invitations.until'), show: (invitation) => <Moment at={invitation.expiresAt} /> },
        {
          title: t('list.actions'),
          show: (invitation) =>
            stateOf(invitation, now) === 'open' && (
              <Button
                variant="link"
                isDanger
                isInline
                onClick={() => onRevoke(invitation)}
                aria-label={t('invitations.revoke.of', { role: t(`role.${invitation.role}`) })}
              >
                {t('certificates.revoke')}
              </Button>
            ),
        },
      ]}
    />
  );
}

function Invite({ tenant, onMade }: { tenant: string; onMade: () => void }) {
  const [role, setRole] = useState<Invitation['role']>('MEMBER');
  const [made, setMade] = useState<Invitation>();
  const invite = async () => {
    setMade((await ask(api.POST('/api/v1/tenants/{tenant}/invitations', { params: { path: { tenant } }, body: { role } }))) as Invitation);
    onMade();
  };
  return (
    <>
      <ActionForm action={t('invitations.make')} variant="secondary" isRow onSubmit={invite}>
        <FormGroup label={t('members.role')} fieldId="invitation-role">
          <FormSelect id="invitation-role" value={role} onChange={(_event, value) => setRole(value as Invitation['role'])}>
            {ROLES.map((each) => (
              <FormSelectOption key={each} value={each} label={t(`role.${each}`)} />
            ))}
          </FormSelect>
        </FormGroup>
      </ActionForm>
      {made?.token !== undefined && made.token !== null && (
        <Alert isInline variant="success" title={t('invitations.made')}>
          <p>{t('invitations.made.how')}</p>
          <Copyable text={made.token} label={t('invitations.token')} />
        </Alert>
      )}
    </>
  );
}
