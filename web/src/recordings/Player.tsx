// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { t } from '../text';
import { clock, lengthOf, withoutPauses, type Cast } from './cast';
import { Projector } from './projector';

const LONGEST_PAUSE_SECONDS = 2;
const PACES = [1, 2, 4, 8];
const STEP_SECONDS = 0.1;

/** Plays a recording: play and pause, any point, several paces, pauses shortened. */
export function Player({ cast, label }: { cast: Cast; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const projector = useRef<Projector>(undefined);
  const [isShort, setIsShort] = useState(true);
  const [pace, setPace] = useState(1);
  const [time, setTime] = useState({ at: 0, isPlaying: false });
  const events = useMemo(() => (isShort ? withoutPauses(cast.events, LONGEST_PAUSE_SECONDS) : cast.events), [cast, isShort]);
  const length = lengthOf(events);

  useEffect(() => {
    if (place.current === null) {
      return;
    }
    const opened = new Projector(place.current, cast, events, (at, isPlaying) => setTime({ at, isPlaying }));
    projector.current = opened;
    return () => opened.close();
  }, [cast, events]);
  useEffect(() => projector.current?.setPace(pace), [pace, events]);

  return (
    <>
      <div ref={place} className="berth-recording" role="group" aria-label={label} />
      <div className="berth-player">
        <Button variant="primary" onClick={() => (time.isPlaying ? projector.current?.pause() : projector.current?.play())}>
          {t(time.isPlaying ? 'recording.pause' : 'recording.play')}
        </Button>
        <input
          type="range"
          aria-label={t('recording.position')}
          aria-valuetext={t('recording.of', { at: clock(time.at), length: clock(length) })}
          min={0}
          max={length}
          step={STEP_SECONDS}
          value={time.at}
          onChange={(event) => projector.current?.seek(Number(event.currentTarget.value))}
        />
        <span>{t('recording.of', { at: clock(time.at), length: clock(length) })}</span>
        <FormSelect aria-label={t('recording.pace')} value={pace} onChange={(_event, value) => setPace(Number(value))}>
          {PACES.map((each) => (
            <FormSelectOption key={each} value={each} label={t('recording.times', { pace: each })} />
          ))}
        </FormSelect>
        <Checkbox
          id="recording-short"
          label={t('recording.short')}
          isChecked={isShort}
          onChange={(_event, checked) => setIsShort(checked)}
        />
      </div>
    </>
  );
}
