// SPDX-License-Identifier: Apache-2.0
import { Button, FormGroup, TextInput } from '@patternfly/react-core';
import { t } from '../text';

export interface SecondProof {
  isRecovery: boolean;
  text: string;
}

export const NO_PROOF: SecondProof = { isRecovery: false, text: '' };

/** The fields of a request that it becomes. */
export function proofOf({ isRecovery, text }: SecondProof): { code?: string; recoveryCode?: string } {
  return text.trim() === '' ? {} : isRecovery ? { recoveryCode: text.trim() } : { code: text.replace(/\s/g, '') };
}

/** A code of the authenticator, or one of those that were shown once. */
export function SecondProofFields({ value, onChange }: { value: SecondProof; onChange: (value: SecondProof) => void }) {
  return (
    <>
      <FormGroup label={value.isRecovery ? t('proof.recovery') : t('proof.code')} fieldId="second-proof">
        <TextInput
          id="second-proof"
          key={String(value.isRecovery)}
          value={value.text}
          onChange={(_event, text) => onChange({ ...value, text })}
          autoComplete={value.isRecovery ? 'off' : 'one-time-code'}
          inputMode={value.isRecovery ? 'text' : 'numeric'}
          autoFocus
        />
      </FormGroup>
      <Button variant="link" isInline onClick={() => onChange({ isRecovery: !value.isRecovery, text: '' })}>
        {value.isRecovery ? t('proof.toCode') : t('proof.toRecovery')}
      </Button>
    </>
  );
}
