// SPDX-License-Identifier: Apache-2.0
import { Label } from '@patternfly/react-core';
import type { Invoice } from '../api/types';
import { t } from '../text';

/** Where it stands, with what is still to be paid. */
export function InvoiceLabel({ invoice }: { invoice: Invoice }) {
  const [key, color] =
    invoice.kind === 'CREDIT_NOTE'
      ? (['creditNote', 'teal'] as const)
      : invoice.state === 'DRAFT'
        ? (['draft', 'grey'] as const)
        : invoice.due > 0
          ? (['due', 'orange'] as const)
          : (['paid', 'green'] as const);
  return (
    <Label isCompact color={color}>
      {t(`invoice.state.${key}`)}
    </Label>
  );
}

export function invoiceName(invoice: Invoice): string {
  return invoice.number ?? t('invoice.draftOf', { month: invoice.month });
}

/** Where the PDF is; a session's cookie opens it. */
export function pdfOf(invoice: Invoice): string {
  return `/api/v1/tenants/${invoice.tenant}/invoices/${invoice.id}/pdf`;
}
