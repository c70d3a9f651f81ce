// SPDX-License-Identifier: Apache-2.0
// The one way to the platform: typed by its OpenAPI document, with the CSRF token, and each refusal as a Problem.
import createClient, { type Middleware } from 'openapi-fetch';
import { ApiError, connectionLost, isProblem, unexplained } from './problem';
import { randomUuid } from './random';
import type { paths } from './schema';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

export function cookie(name: string, cookies: string): string | undefined {
  const found = cookies.split('; ').find((each) => each.startsWith(`${name}=`));
  return found === undefined ? undefined : decodeURIComponent(found.slice(name.length + 1));
}

/** What a session's requests need to change something; the key lets the browser repeat one that got lost. */
const proof: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method)) {
      const token = cookie('XSRF-TOKEN', document.cookie);
      if (token !== undefined) {
        request.headers.set('X-XSRF-TOKEN', token);
      }
      if (request.method === 'POST') {
        request.headers.set('Idempotency-Key', randomUuid());
      }
    }
    return request;
  },
};

export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin', fetch: (request) => fetch(request) });
api.use(proof);

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What an answer holds; anything but a success is thrown as an ApiError. */
export async function ask<T>(answer: Promise<Answered<T>>): Promise<T> {
  let answered: Answered<T>;
  try {
    answered = await answer;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') {
      throw cause;
    }
    throw new ApiError(connectionLost());
  }
  if (!answered.response.ok) {
    throw new ApiError(isProblem(answered.error) ? answered.error : unexplained(answered.response.status));
  }
  return answered.data as T;
}
