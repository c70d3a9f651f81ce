// SPDX-License-Identifier: Apache-2.0
package io.berth.core.idmap;

import io.berth.core.spec.ContainerId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of 65,536 uids and gids of the host, each owned by at most one container. Who owns which is what the containers' records
 * say: at start each claims its range, and two that claim the same stop the agent. What no record can say is kept in a note a
 * range: since when it is held, and, once freed, until when nobody may have it. Where a record and a note disagree, the agent
 * died between the two, and the record is right.
 *
 * <p>A range that was never used goes first; after that the one that has been free for longest, once its quarantine is over: a
 * stale reference to an id meets nobody for as long as possible. No range is handed out that anybody else on this host has.
 */
public final class UidLedger {
    private final IdPool pool;
    private final Duration quarantine;
    private final Supplier<List<ForeignIds>> others;
    private final RangeNotes notes;
    private final Clock clock;
    private final Map<Long, RangeNote> noted;
    private final Set<Long> held = new HashSet<>();

    /**
     * What was remembered; {@link #claim} and {@link #settle} bring it into line with the containers' records.
     *
     * @param quarantine how long a freed range belongs to nobody
     * @param others who has ids of the pool on this host, asked at each allocation
     * @param notes a directory of the ledger's own
     */
    public UidLedger(IdPool pool, Duration quarantine, Supplier<List<ForeignIds>> others, Path notes, Clock clock) {
        this.pool = pool;
        this.quarantine = quarantine;
        this.others = others;
        this.notes = new RangeNotes(notes);
        this.clock = clock;
        Instant now = clock.instant();
        this.noted = new HashMap<>(this.notes.load(new RangeNote(null, now, now.plus(quarantine))));
    }

    /** Notes that a container owns the range at {@code start}, as its record says. */
    public synchronized void claim(long start, ContainerId owner) {
        pool.index(start);
        if (!held.add(start)) {
            throw new IllegalStateException(
                    "uid range " + start + " is claimed by two containers; remove one of the records");
        }
        RangeNote note = noted.get(start);
        if (note == null || !note.isHeld() || !owner.equals(note.container())) {
            write(start, RangeNote.held(owner, clock.instant()));
        }
    }

    /** To be called when every record has made its claim: what else was held had a holder that died with an earlier agent. */
    public synchronized void settle() {
        noted.entrySet().stream()
                .filter(entry -> entry.getValue().isHeld() && !held.contains(entry.getKey()))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::quarantine);
    }

    /**
     * Hands out a range that nobody has.
     *
     * @param holder whose it will be, null for an image's build
     * @return its first id
     */
    public long allocate(@Nullable ContainerId holder) {
        List<ForeignIds> first = others.get();
        long start = take(first, holder);
        // what a container left while we looked may have gone meanwhile
        return start != 0 || first.isEmpty() ? required(start, first) : again(holder);
    }

    private long again(@Nullable ContainerId holder) {
        List<ForeignIds> second = others.get();
        return required(take(second, holder), second);
    }

    /** 0 when there is none. */
    private synchronized long take(List<ForeignIds> foreign, @Nullable ContainerId holder) {
        long start = choose(foreign);
        if (start != 0) {
            write(start, RangeNote.held(holder, clock.instant()));
            held.add(start);
        }
        return start;
    }

    private long choose(List<ForeignIds> foreign) {
        Instant now = clock.instant();
        BitSet foreignRanges = pool.indexes(foreign);
        long rested = 0;
        Instant longest = Instant.MAX;
        for (int i = 0; i < pool.ranges(); i++) {
            long start = pool.start(i);
            if (!isFree(start, now) || foreignRanges.get(i)) {
                continue;
            }
            RangeNote note = noted.get(start);
            if (note == null) {
                return start;
            }
            if (note.since().isBefore(longest)) {
                longest = note.since();
                rested = start;
            }
        }
        return rested;
    }

    private boolean isFree(long start, Instant now) {
        RangeNote note = noted.get(start);
        Instant until = note == null ? null : note.until();
        return !held.contains(start) && (until == null || !now.isBefore(until));
    }

    private synchronized long required(long start, List<ForeignIds> foreign) {
        if (start != 0) {
            return start;
        }
        Instant now = clock.instant();
        var message = new StringBuilder("all " + pool.ranges() + " uid ranges from " + pool.base() + " are taken: "
                + held.size() + " have an owner; ");
        noted.values().stream()
                .map(RangeNote::until)
                .filter(until -> until != null && now.isBefore(until))
                .min(Instant::compareTo)
                .ifPresent(until -> message.append("the first leaves its quarantine at " + until + "; "));
        foreign.stream()
                .filter(other -> held.stream().noneMatch(other::overlaps))
                .findFirst()
                .ifPresent(other -> message.append("not all can be used: " + other + "; "));
        throw new UidsExhaustedException(message + "delete a container or raise BERTH_UID_RANGES");
    }

    /** Takes a range back; nothing of its owner may exist any more. On disk when this returns. */
    public synchronized void release(long start) {
        pool.index(start);
        quarantine(start);
        held.remove(start);
    }

    private void quarantine(long start) {
        Instant now = clock.instant();
        RangeNote last = noted.getOrDefault(start, RangeNote.held(null, now));
        RangeNote note = last.quarantined(now, now.plus(quarantine));
        notes.save(start, note);
        noted.put(start, note);
    }

    private void write(long start, RangeNote note) {
        notes.note(start, note);
        noted.put(start, note);
    }

    /** How many ranges could be handed out now. */
    public int free() {
        BitSet foreign = pool.indexes(others.get());
        synchronized (this) {
            Instant now = clock.instant();
            return (int) IntStream.range(0, pool.ranges())
                    .filter(i -> isFree(pool.start(i), now) && !foreign.get(i))
                    .count();
        }
    }

    /**
     * Every range that is or was used, or that somebody else has ids of.
     *
     * @param conflicts who has ids of the pool and is no container of ours
     */
    public synchronized List<IdRange> ranges(List<ForeignIds> conflicts) {
        List<IdRange> ranges = new ArrayList<>();
        BitSet foreign = pool.indexes(conflicts);
        for (int i = 0; i < pool.ranges(); i++) {
            long start = pool.start(i);
            List<ForeignIds> here = foreign.get(i)
                    ? conflicts.stream().filter(other -> other.overlaps(start)).toList()
                    : List.of();
            RangeNote note = noted.get(start);
            if (note != null) {
                ranges.add(new IdRange(start, state(start, note), note.container(), note.since(), rest(note), here));
            } else if (!here.isEmpty()) {
                ranges.add(new IdRange(start, IdRange.State.FRESH, null, null, null, here));
            }
        }
        return ranges;
    }

    private IdRange.State state(long start, RangeNote note) {
        if (held.contains(start)) {
            return note.container() == null ? IdRange.State.LENT : IdRange.State.OWNED;
        }
        return rest(note) == null ? IdRange.State.RESTED : IdRange.State.QUARANTINED;
    }

    private @Nullable Instant rest(RangeNote note) {
        Instant until = note.until();
        return until != null && clock.instant().isBefore(until) ? until : null;
    }
}
