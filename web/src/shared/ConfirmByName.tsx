// SPDX-License-Identifier: Apache-2.0
import { Button, Form, FormGroup, Modal, ModalBody, ModalFooter, ModalHeader, TextInput } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { t } from '../text';
import { ProblemAlert } from './ProblemAlert';

interface Properties {
  title: string;
  /** What has to be typed. */
  name: string;
  action: string;
  children: ReactNode;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks for the name of what is to be destroyed: a click alone destroys nothing. */
export function ConfirmByName({ title, name, action, children, onConfirm, onClose }: Properties) {
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = () => {
    setBusy(true);
    setError(null);
    onConfirm().then(onClose, (failure: unknown) => {
      setError(failure);
      setBusy(false);
    });
  };
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="confirm-title" aria-describedby="confirm-body">
      <ModalHeader title={title} labelId="confirm-title" titleIconVariant="warning" />
      <ModalBody id="confirm-body">
        {error !== null && <ProblemAlert error={error} />}
        {children}
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            if (typed === name && !busy) {
              confirm();
            }
          }}
        >
          <FormGroup label={t('confirm.type', { name })} fieldId="confirm-name">
            <TextInput
              id="confirm-name"
              value={typed}
              onChange={(_event, value) => setTyped(value)}
              autoComplete="off"
              autoFocus
            />
          </FormGroup>
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button variant="danger" isDisabled={typed !== name || busy} isLoading={busy} onClick={confirm}>
          {action}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('action.cancel')}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
