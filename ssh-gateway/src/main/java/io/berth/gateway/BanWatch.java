// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.text.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Asks the platform every few seconds who is banned, and keeps the answer in a file: a gateway that starts without a platform knows the last one. */
final class BanWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BanWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final PlatformDesk desk;
    private final Path file;
    private final Consumer<Bans> told;
    private final JsonMapper json = JsonMapper.builder().build();
    private final Thread thread;
    private Bans bans = Bans.NONE;

    /** @param told each time that there is another list */
    BanWatch(PlatformDesk desk, Path file, Consumer<Bans> told) {
        this.desk = desk;
        this.file = file;
        this.told = told;
        recall();
        this.thread = Thread.ofVirtual().name("bans").start(this::run);
    }

    private void recall() {
        try {
            bans = json.readValue(Files.readAllBytes(file), PlatformDesk.Standing.class)
                    .list();
            told.accept(bans);
        } catch (NoSuchFileException e) {
            LOG.debug("event=no-bans-kept");
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            LOG.warn("event=bans-unreadable file={}, ignoring: the platform is asked at once", file, e);
        }
    }

    private void run() {
        try {
            while (true) {
                ask();
                TimeUnit.MILLISECONDS.sleep(PERIOD.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Also for whoever can't wait. */
    synchronized void ask() {
        try {
            Optional<Bans> newer = desk.bans(bans.version());
            if (newer.isPresent()) {
                bans = newer.get();
                told.accept(bans);
                LOG.info(
                        "event=bans version={} networks={}",
                        bans.version(),
                        bans.list().size());
                keep();
            }
        } catch (PlatformSilentException e) {
            LOG.debug("event=platform-silent cause={}", Printable.line(String.valueOf(e.getMessage())));
        } catch (IOException | RuntimeException e) {
            LOG.warn("event=bans-not-kept file={}, ignoring", file, e);
        }
    }

    private void keep() throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.write(draft, json.writeValueAsBytes(new PlatformDesk.Standing(bans.version(), bans.list())));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
