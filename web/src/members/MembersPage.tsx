// SPDX-License-Identifier: Apache-2.0
import { Button, FormSelect, FormSelectOption, PageSection } from '@patternfly/react-core';
import { UsersIcon } from '@patternfly/react-icons/dist/esm/icons/users-icon';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { membersQuery } from '../api/queries';
import type { Member } from '../api/types';
import { ConfirmByName } from '../shared/ConfirmByName';
import { Empty } from '../shared/Empty';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { PageHead } from '../shared/PageHead';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { useToasts } from '../shared/Toasts';
import { useMe } from '../shell/here';
import { t } from '../text';
import { AddMember } from './AddMember';
import { InvitationsSection } from './InvitationsSection';
import { SignInPolicySection } from './SignInPolicySection';
import { ROLES } from './roles';

const route = getRouteApi('/shell/t/$tenant/members');

export default function MembersPage() {
  const { tenant } = route.useParams();
  const me = useMe();
  const query = useQuery(membersQuery(tenant));
  const queries = useQueryClient();
  const toasts = useToasts();
  const [removing, setRemoving] = useState<Member>();
  const refresh = () => queries.invalidateQueries({ queryKey: ['members', tenant] });
  const mayManage = (members: Member[]) =>
    me.operator || members.some((member) => member.user === me.name && (member.role === 'OWNER' || member.role === 'ADMIN'));
  const setRole = (user: string, role: Member['role']) => {
    ask(api.PUT('/api/v1/tenants/{tenant}/members/{user}', { params: { path: { tenant, user } }, body: { role } })).then(
      () => {
        toasts.done(t('members.changed', { user, role: t(`role.${role}`) }));
        return refresh();
      },
      toasts.failed,
    );
  };
  return (
    <>
      <PageHead title={t('members.title')} intro={t('members.intro')} />
      <PageSection hasBodyWrapper={false} isFilled>
        {me.operator && <AddMember onAdd={setRole} />}
        <Loaded query={query}>
          {(members) =>
            members.length === 0 ? (
              <Empty title={t('members.none')} icon={UsersIcon}>
                {t('members.none.what')}
              </Empty>
            ) : (
              <List
                label={t('members.title')}
                items={members}
                keyOf={(member) => member.user}
                columns={[
                  { title: t('members.user'), show: (member) => member.user },
                  {
                    title: t('members.role'),
                    show: (member) =>
                      mayManage(members) ? (
                        <FormSelect
                          value={member.role}
                          aria-label={t('members.role.of', { user: member.user })}
                          onChange={(_event, value) => setRole(member.user, value as Member['role'])}
                        >
                          {ROLES.map((role) => (
                            <FormSelectOption key={role} value={role} label={t(`role.${role}`)} />
                          ))}
                        </FormSelect>
                      ) : (
                        t(`role.${member.role}`)
                      ),
                  },
                  {
                    title: t('list.actions'),
                    show: (member) =>
                      mayManage(members) && (
                        <Button
                          variant="link"
                          isDanger
                          isInline
                          onClick={() => setRemoving(member)}
                          aria-label={t('members.remove.of', { user: member.user })}
                        >
                          {t('members.remove')}
                        </Button>
                      ),
                  },
                ]}
              />
            )
          }
        </Loaded>
        <InvitationsSection tenant={tenant} />
        <SignInPolicySection tenant={tenant} />
        <SameAs
          lines={[
            [t('members.title'), curl('GET', `/tenants/${tenant}/members`)],
            [t('members.add'), curl('PUT', `/tenants/${tenant}/members/USER`, { role: 'MEMBER' })],
          ]}
        />
      </PageSection>
      {removing !== undefined && (
        <ConfirmByName
          title={t('members.remove.of', { user: removing.user })}
          name={removing.user}
          action={t('members.remove')}
          onClose={() => setRemoving(undefined)}
          onConfirm={async () => {
            await ask(
              api.DELETE('/api/v1/tenants/{tenant}/members/{user}', { params: { path: { tenant, user: removing.user } } }),
            );
            await refresh();
          }}
        >
          <p>{t('members.remove.body', { tenant })}</p>
        </ConfirmByName>
      )}
    </>
  );
}
