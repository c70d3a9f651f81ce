// SPDX-License-Identifier: Apache-2.0
import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { problemOf } from '../api/problem';
import type { Container } from '../api/types';
import { finished } from '../operations/follow';
import { t } from '../text';
import { act } from './actions';
import { inTurn } from './inTurn';
import { verbs, type Verb } from './state';

/** So many at once: a tenant's hundred must not be in everybody's way. */
const AT_ONCE = 4;

interface Result {
  name: string;
  /** What came of it: nothing yet, well, or why not. */
  outcome: 'waiting' | 'done' | { problem: string };
}

export interface Job {
  verb: Verb;
  results: Result[];
}

/** One verb for many containers, with what came of each. */
export function useBulk(tenant: string) {
  const [job, setJob] = useState<Job>();
  const queries = useQueryClient();
  const settle = (name: string, outcome: Result['outcome']) =>
    setJob((present) =>
      present === undefined
        ? present
        : { ...present, results: present.results.map((each) => (each.name === name ? { name, outcome } : each)) },
    );
  const one = async (name: string, verb: Verb) => {
    try {
      const end = await finished(await act(tenant, name, verb));
      settle(name, end.error === null ? 'done' : { problem: end.error.detail });
    } catch (error) {
      settle(name, { problem: problemOf(error).detail });
    }
  };
  return {
    job,
    close: () => setJob(undefined),
    run: (verb: Verb, containers: Container[]) => {
      const names = containers.filter((each) => verbs(each).includes(verb)).map((each) => each.name);
      setJob({ verb, results: names.map((name) => ({ name, outcome: 'waiting' })) });
      void inTurn(names, AT_ONCE, (name) => one(name, verb)).then(() =>
        queries.invalidateQueries({ queryKey: ['containers', tenant] }),
      );
    },
  };
}

export function BulkResults({ job, onClose }: { job: Job; onClose: () => void }) {
  const done = job.results.filter((each) => each.outcome !== 'waiting').length;
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="bulk-title">
      <ModalHeader
        title={t('bulk.progress', { verb: t(`verb.${job.verb}`), done, all: job.results.length })}
        labelId="bulk-title"
      />
      <ModalBody tabIndex={0} aria-label={t('bulk.results')}>
        <ul className="berth-results">
          {job.results.map(({ name, outcome }) => (
            <li key={name}>
              <strong>{name}</strong>{' '}
              {outcome === 'waiting' ? t('bulk.waiting') : outcome === 'done' ? t('bulk.done') : outcome.problem}
            </li>
          ))}
        </ul>
      </ModalBody>
      <ModalFooter>
        <Button variant="primary" onClick={onClose}>
          {t('action.close')}
        </Button>
        <span className="berth-quiet">{done < job.results.length ? t('bulk.goesOn') : ''}</span>
      </ModalFooter>
    </Modal>
  );
}
