// SPDX-License-Identifier: Apache-2.0
import { DescriptionList, DescriptionListDescription, DescriptionListGroup, DescriptionListTerm, Modal, ModalBody, ModalHeader } from '@patternfly/react-core';
import { t } from '../text';
import { useMe, useTenantName } from './here';
import { places } from './places';

export function ShortcutsHelp({ onClose }: { onClose: () => void }) {
  const going = places(useTenantName(), useMe().operator).flatMap((group) => group.places);
  const keys: [string, string][] = [
    ['/ , Ctrl+K', t('palette.open')],
    ['?', t('shortcuts.title')],
    ['n', t('newContainer.title')],
    ...going.map((place): [string, string] => [`g ${place.key}`, place.title]),
  ];
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="shortcuts-title">
      <ModalHeader title={t('shortcuts.title')} labelId="shortcuts-title" />
      <ModalBody tabIndex={0}>
        <DescriptionList isHorizontal isCompact>
          {keys.map(([key, what]) => (
            <DescriptionListGroup key={key}>
              <DescriptionListTerm>
                <kbd>{key}</kbd>
              </DescriptionListTerm>
              <DescriptionListDescription>{what}</DescriptionListDescription>
            </DescriptionListGroup>
          ))}
        </DescriptionList>
      </ModalBody>
    </Modal>
  );
}
