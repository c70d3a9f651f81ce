// SPDX-License-Identifier: Apache-2.0
import type { Container, Volume } from '../api/types';

/** Those that a container does not have and could: of its own node, and neither being made nor being deleted. */
export function attachable(container: Pick<Container, 'node' | 'volumes'>, volumes: Volume[]): Volume[] {
  return volumes.filter(
    (volume) =>
      volume.state === 'READY' && volume.node === container.node && !container.volumes.some((each) => each.id === volume.id),
  );
}
