// SPDX-License-Identifier: Apache-2.0
import { t } from '../text';

/** A refusal as the platform says it, RFC 9457: detail holds what was wrong and the cure. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  field?: string;
}

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }

  get isNotSignedIn(): boolean {
    return this.problem.status === 401;
  }

  get isNotFound(): boolean {
    return this.problem.status === 404;
  }
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'title' in value && 'detail' in value && 'status' in value;
}

export function connectionLost(): Problem {
  return {
    type: 'about:blank',
    title: t('problem.connection'),
    status: 0,
    detail: t('problem.connection.cure'),
  };
}

export function unexplained(status: number): Problem {
  return { type: 'about:blank', title: t('problem.unexplained', { status }), status, detail: t('problem.unexplained.cure') };
}

/** Whatever was thrown, in the words that a person sees. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) {
    return error.problem;
  }
  return {
    type: 'about:blank',
    title: t('problem.portal'),
    status: 0,
    detail: error instanceof Error ? error.message : String(error),
  };
}
