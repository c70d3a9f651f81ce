// SPDX-License-Identifier: Apache-2.0
package io.berth.core.image;

import io.berth.core.linux.Architecture;
import io.berth.core.linux.Fd;
import io.berth.core.plan.Spawner;
import io.berth.core.spec.ImageAlias;
import io.berth.core.spec.ImageId;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The images of a node. Safe for many threads. A tree counts once its record is written: until then it is cleared at the next start. */
public final class ImageStore {
    private final ImageTrees trees;
    private final Function<ImageAlias, ImageDefinition> definitions;
    private final Worker worker;
    private final Clock clock;
    private final ImageRecords records;
    private final Map<ImageId, ImageRecords.Stored> images = new ConcurrentHashMap<>();
    private final Map<String, ImageId> aliases = new TreeMap<>();
    private final Map<ImageAlias, BuildRun> running = new ConcurrentHashMap<>();

    private ImageStore(
            ImageTrees trees, Function<ImageAlias, ImageDefinition> definitions, Worker worker, Clock clock) {
        this.trees = trees;
        this.definitions = definitions;
        this.worker = worker;
        this.clock = clock;
        this.records = new ImageRecords(trees.metadataDirectory());
    }

    /** Opens the store and clears what a crash has left: trees without a record, records without a tree, aliases of neither. */
    public static ImageStore open(ImageTrees trees, Spawner spawner, Supplier<BuildRange> ranges, Clock clock) {
        Worker worker = new Worker(trees, spawner, ranges);
        return open(new ImageStore(trees, new Definitions(spawner, ranges)::get, worker, clock));
    }

    static ImageStore open(
            ImageTrees trees, Function<ImageAlias, ImageDefinition> definitions, Worker worker, Clock clock) {
        return open(new ImageStore(trees, definitions, worker, clock));
    }

    private static ImageStore open(ImageStore store) {
        store.load();
        return store;
    }

    private void load() {
        Set<ImageId> kept = new HashSet<>(trees.images());
        for (ImageRecords.Stored record : records.load()) {
            if (kept.remove(record.id())) {
                images.put(record.id(), record);
            } else {
                records.remove(record.id());
            }
        }
        kept.forEach(trees::deleteImage);
        aliases.putAll(records.loadAliases());
        aliases.values().retainAll(images.keySet());
    }

    /** All images, by alias, the newest first. */
    public List<Image> list() {
        return images.values().stream()
                .map(this::shown)
                .sorted(Comparator.comparing((Image image) -> image.alias().value())
                        .thenComparing(Image::builtAt, Comparator.reverseOrder()))
                .toList();
    }

    /** Whether a container can be made from it. */
    public boolean has(ImageId id) {
        return images.containsKey(id);
    }

    /** The image that an alias stands for today. */
    public Optional<Image> resolve(ImageAlias alias) {
        synchronized (aliases) {
            return Optional.ofNullable(aliases.get(alias.value())).map(this::get);
        }
    }

    /** @throws ImageException.Unknown when there is no such image */
    public Image get(ImageId id) {
        return shown(stored(id));
    }

    /** The signal that asks an image's PID 1 to power off. */
    public int haltSignal(ImageId id) {
        return stored(id).init().haltSignal();
    }

    /**
     * Builds an image anew and lets the alias stand for it; content that is there already is not stored twice. Whoever asks while a
     * build of the alias runs gets that build's image.
     *
     * @param progress told a line at a time, on a thread of the build's
     */
    public Image build(ImageAlias alias, Consumer<String> progress) {
        ImageDefinition definition = definitions.apply(alias);
        BuildRun own = new BuildRun();
        BuildRun run = running.computeIfAbsent(alias, missing -> own);
        run.listen(progress);
        return run == own ? build(alias, definition, own) : run.await();
    }

    /**
     * Makes an image of an archive and lets the alias stand for it.
     *
     * @param archives one, or metadata and root file system of a split image; open for reading, and the caller's to close
     * @param from where they are from, for people to read
     * @param progress told a line at a time, on this thread
     * @throws ImageException.Refused when it can't become an image; nothing is left then
     */
    public Image bring(ImageAlias alias, List<Fd> archives, String from, Consumer<String> progress) {
        return bring(alias, new ArchiveDefinition(worker, archives, from, ArchiveLimits.DEFAULT), progress);
    }

    Image bring(ImageAlias alias, ArchiveDefinition definition, Consumer<String> progress) {
        BuildRun run = new BuildRun();
        run.listen(progress);
        if (running.putIfAbsent(alias, run) != null) {
            throw new ImageException.InUse("an image is being made for " + alias + "; try again when that has ended");
        }
        return build(alias, definition, run);
    }

    private Image build(ImageAlias alias, ImageDefinition definition, BuildRun run) {
        try {
            Image image = build(alias, definition, run::tell);
            run.succeed(image);
            return image;
        } catch (RuntimeException | Error e) {
            run.fail(e);
            throw e;
        } finally {
            running.remove(alias, run);
        }
    }

    private Image build(ImageAlias alias, ImageDefinition definition, Consumer<String> progress) {
        String name = UUID.randomUUID().toString();
        boolean kept = false;
        try (Fd tree = trees.newTree(name)) {
            definition.build(tree, progress);
            progress.accept("computing the content address");
            TreeDigest.Result digest = TreeDigest.of(tree);
            ImageRecords.Stored record = new ImageRecords.Stored(
                    digest.id(),
                    alias,
                    debianName(Architecture.host()),
                    digest.sizeBytes(),
                    clock.instant(),
                    InitSystem.in(tree),
                    definition.origin());
            keep(name, record);
            kept = true;
            progress.accept(alias + " is " + digest.id());
            return get(digest.id());
        } finally {
            if (!kept) {
                trees.discardTree(name);
            }
        }
    }

    private void keep(String name, ImageRecords.Stored record) {
        synchronized (aliases) {
            trees.keepTree(name, record.id());
            records.save(record);
            images.put(record.id(), record);
            aliases.put(record.alias().value(), record.id());
            records.saveAliases(aliases);
        }
    }

    /**
     * Deletes an image; one that is gone already is no error.
     *
     * @param inUse images of existing containers
     * @throws ImageException.InUse when it is one of these
     */
    public void delete(ImageId id, Set<ImageId> inUse) {
        if (inUse.contains(id)) {
            throw new ImageException.InUse("image " + id + " is used by a container; delete its containers first");
        }
        synchronized (aliases) {
            if (images.remove(id) == null) {
                return;
            }
            aliases.values().removeIf(id::equals);
            records.saveAliases(aliases);
            records.remove(id);
            trees.deleteImage(id);
        }
    }

    private ImageRecords.Stored stored(ImageId id) {
        ImageRecords.Stored record = images.get(id);
        if (record == null) {
            throw new ImageException.Unknown(
                    "no image " + id + " on this node; build it with: berth image build ALIAS");
        }
        return record;
    }

    private Image shown(ImageRecords.Stored record) {
        synchronized (aliases) {
            return new Image(
                    record.id(),
                    record.alias(),
                    record.architecture(),
                    record.sizeBytes(),
                    record.builtAt(),
                    record.init(),
                    record.origin(),
                    record.id().equals(aliases.get(record.alias().value())));
        }
    }

    private static String debianName(Architecture architecture) {
        return switch (architecture) {
            case X86_64 -> "amd64";
            case AARCH64 -> "arm64";
        };
    }
}
