// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { containersQuery, hostKeysQuery } from '../api/queries';
import { Copyable } from '../shared/Copyable';
import { Empty } from '../shared/Empty';
import { Loaded } from '../shared/Loaded';
import { SameAs } from '../shared/SameAs';
import { curl } from '../shared/shell';
import { t } from '../text';
import { sshConfig, sshHost } from './config';

/** Ready-made lines for ~/.ssh. */
export function ConfigTab({ tenant }: { tenant: string }) {
  const hostKeys = useQuery(hostKeysQuery);
  const containers = useQuery(containersQuery(tenant));
  return (
    <>
      <h2 className="berth-subhead">~/.ssh/known_hosts</h2>
      <p>{t('sshConfig.knownHosts')}</p>
      <Loaded query={hostKeys}>
        {(keys) =>
          keys.length === 0 ? (
            <Empty title={t('sshConfig.noGateway')}>{t('sshConfig.noGateway.why')}</Empty>
          ) : (
            <Copyable label="~/.ssh/known_hosts" text={keys.map((key) => key.knownHostsLine).join('\n')} />
          )
        }
      </Loaded>
      <h2 className="berth-subhead">~/.ssh/config</h2>
      <p>{t('sshConfig.config')}</p>
      <Loaded query={containers}>
        {(all) =>
          all.length === 0 ? (
            <p>{t('sshConfig.noContainers')}</p>
          ) : (
            <Copyable label="~/.ssh/config" text={sshConfig(all, sshHost(), hostKeys.data?.[0]?.port)} />
          )
        }
      </Loaded>
      <p>{t('sshConfig.users')}</p>
      <SameAs lines={[[t('sshConfig.hostKeys'), curl('GET', '/ssh-host-keys')]]} />
    </>
  );
}
