// SPDX-License-Identifier: Apache-2.0
import type { Member } from '../api/types';

export const ROLES: Member['role'][] = ['OWNER', 'ADMIN', 'MEMBER', 'BILLING', 'READ_ONLY'];
