// SPDX-License-Identifier: Apache-2.0
import {
  ActionGroup,
  Button,
  Checkbox,
  ExpandableSection,
  FileUpload,
  Form,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  TextInput,
} from '@patternfly/react-core';
import { useState } from 'react';
import { api, ask } from '../api/client';
import { ProblemAlert } from '../shared/ProblemAlert';
import { useToasts } from '../shared/Toasts';
import { t } from '../text';
import { FLAGS, given, options } from './options';
import { commentOf, isPrivate } from './publicKey';

const MOST_BYTES = 16_384; // RSA of 16384 bits has 2.8 kB

/** A key pasted, dropped or chosen as a file, with what it may be used for. */
export function AddKey({ tenant, onAdded }: { tenant: string; onAdded: () => void }) {
  const [line, setLine] = useState('');
  const [file, setFile] = useState('');
  const [name, setName] = useState('');
  const [from, setFrom] = useState('');
  const [command, setCommand] = useState('');
  const [expires, setExpires] = useState('');
  const [flags, setFlags] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const toasts = useToasts();
  const isSecret = isPrivate(line);
  const wanted = name === '' ? commentOf(line) : name;

  const take = (text: string) => {
    setLine(text);
    setError(null);
  };

  async function add() {
    setBusy(true);
    setError(null);
    try {
      await ask(
        api.POST('/api/v1/tenants/{tenant}/ssh-keys', {
          params: { path: { tenant } },
          body: { name: wanted, publicKey: line.trim(), ...given(options(from, command, expires, flags)) },
        }),
      );
      toasts.done(t('keys.added', { name: wanted }));
      setLine('');
      setFile('');
      setName('');
      onAdded();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Form
      className="berth-form"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      {error !== null && <ProblemAlert error={error} />}
      <FormGroup label={t('keys.publicKey')} fieldId="public-key" isRequired>
        <FileUpload
          id="public-key"
          type="text"
          value={line}
          filename={file}
          filenamePlaceholder={t('keys.file')}
          browseButtonText={t('keys.browse')}
          clearButtonText={t('keys.clear')}
          aria-label={t('keys.publicKey')}
          allowEditingUploadedText
          validated={isSecret ? 'error' : 'default'}
          dropzoneProps={{ maxSize: MOST_BYTES, maxFiles: 1, onDropRejected: () => toasts.failed(new Error(t('keys.fileTooLarge'))) }}
          onFileInputChange={(_event, chosen) => setFile(chosen.name)}
          onDataChange={(_event, text) => take(text)}
          onTextChange={(_event, text) => take(text)}
          onClearClick={() => {
            setFile('');
            take('');
          }}
          textAreaPlaceholder="ssh-ed25519 AAAA…"
          spellCheck={false}
        />
        <FormHelperText>
          <HelperText>
            <HelperTextItem variant={isSecret ? 'error' : 'default'}>
              {isSecret ? t('keys.private') : t('keys.publicKey.help')}
            </HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      <FormGroup label={t('keys.name')} fieldId="key-name">
        <TextInput
          id="key-name"
          value={name}
          onChange={(_event, value) => setName(value)}
          placeholder={commentOf(line)}
          maxLength={64}
          autoComplete="off"
        />
      </FormGroup>
      <ExpandableSection toggleText={t('keys.options')}>
        <FormGroup label={t('keys.options.from')} fieldId="key-from">
          <TextInput id="key-from" value={from} onChange={(_event, value) => setFrom(value)} placeholder="192.0.2.0/24, 2001:db8::/32" />
        </FormGroup>
        <FormGroup label={t('keys.options.command')} fieldId="key-command">
          <TextInput id="key-command" value={command} onChange={(_event, value) => setCommand(value)} />
        </FormGroup>
        <FormGroup label={t('keys.options.expires')} fieldId="key-expires">
          <TextInput id="key-expires" type="datetime-local" value={expires} onChange={(_event, value) => setExpires(value)} />
        </FormGroup>
        <FormGroup role="group" label={t('keys.limits')} fieldId="key-flags">
          {FLAGS.map((flag) => (
            <Checkbox
              key={flag}
              id={`key-${flag}`}
              label={t(`keys.${flag}`)}
              isChecked={flags.has(flag)}
              onChange={(_event, on) => {
                const next = new Set(flags);
                if (on) {
                  next.add(flag);
                } else {
                  next.delete(flag);
                }
                setFlags(next);
              }}
            />
          ))}
        </FormGroup>
      </ExpandableSection>
      <ActionGroup>
        <Button type="submit" variant="primary" isLoading={busy} isDisabled={busy || isSecret || line.trim() === '' || wanted === ''}>
          {t('keys.add')}
        </Button>
      </ActionGroup>
    </Form>
  );
}
