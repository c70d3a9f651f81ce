// SPDX-License-Identifier: Apache-2.0
import { Modal, ModalBody, ModalHeader } from '@patternfly/react-core';
import type { ReactNode } from 'react';

/** A form above the page; Escape closes it. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="dialog-title">
      <ModalHeader title={title} labelId="dialog-title" />
      <ModalBody>{children}</ModalBody>
    </Modal>
  );
}
