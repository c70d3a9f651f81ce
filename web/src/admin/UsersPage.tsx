// SPDX-License-Identifier: Apache-2.0
import { Button, Label, PageSection } from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { usersQuery } from '../api/queries';
import type { User } from '../api/types';
import { ConfirmByName } from '../shared/ConfirmByName';
import { List } from '../shared/List';
import { Loaded } from '../shared/Loaded';
import { Moment } from '../shared/Moment';
import { PageHead } from '../shared/PageHead';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { useMe } from '../shell/here';
import { t } from '../text';
import { NewUser } from './NewUser';
import { RecoveryDialog } from './RecoveryDialog';

export default function UsersPage() {
  const me = useMe();
  const query = useQuery(usersQuery);
  const queries = useQueryClient();
  const [deleting, setDeleting] = useState<User>();
  const [recovering, setRecovering] = useState<User>();
  const refresh = () => queries.invalidateQueries({ queryKey: ['users'] });
  return (
    <>
      <PageHead title={t('users.title')} intro={t('users.intro')} />
      <PageSection hasBodyWrapper={false} isFilled>
        <NewUser onMade={() => void refresh()} />
        <Loaded query={query}>
          {(users) => (
            <List
              label={t('users.title')}
              items={users}
              keyOf={(user) => user.id}
              columns={[
                { title: t('users.name'), show: (user) => user.name },
                {
                  title: t('account.power'),
                  show: (user) => (
                    <Label isCompact color={user.operator ? 'purple' : 'grey'}>
                      {user.operator ? t('account.operator') : t('account.person')}
                    </Label>
                  ),
                },
                { title: t('containers.created'), show: (user) => <Moment at={user.createdAt} /> },
                {
                  title: t('list.actions'),
                  show: (user) =>
                    user.name !== me.name && (
                      <>
                        <Button
                          variant="link"
                          isInline
                          onClick={() => setRecovering(user)}
                          aria-label={t('users.recover.of', { user: user.name })}
                        >
                          {t('users.recover')}
                        </Button>{' '}
                        <Button
                          variant="link"
                          isDanger
                          isInline
                          onClick={() => setDeleting(user)}
                          aria-label={t('users.delete.of', { user: user.name })}
                        >
                          {t('verb.delete')}
                        </Button>
                      </>
                    ),
                },
              ]}
            />
          )}
        </Loaded>
        <SameAs lines={[[t('users.title'), curl('GET', '/users')]]} />
      </PageSection>
      {recovering !== undefined && <RecoveryDialog user={recovering.name} onClose={() => setRecovering(undefined)} />}
      {deleting !== undefined && (
        <ConfirmByName
          title={t('users.delete.of', { user: deleting.name })}
          name={deleting.name}
          action={t('verb.delete')}
          onClose={() => setDeleting(undefined)}
          onConfirm={async () => {
            await ask(api.DELETE('/api/v1/users/{user}', { params: { path: { user: deleting.name } } }));
            await refresh();
          }}
        >
          <p>{t('users.delete.body')}</p>
        </ConfirmByName>
      )}
    </>
  );
}
