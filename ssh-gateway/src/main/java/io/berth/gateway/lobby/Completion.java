// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.lobby;

import java.time.Duration;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import tools.jackson.databind.JsonNode;

/** Verbs, their options, containers, volumes and images at the tabulator key. */
final class Completion implements Completer {
    /** A name that was made a moment ago is missed for that long; a tabulator key held down asks no oftener. */
    private static final Duration FRESH = Duration.ofSeconds(3);

    private final Visitor visitor;
    private final Known containers = new Known();
    private final Known images = new Known();
    private final Known volumes = new Known();

    Completion(Visitor visitor) {
        this.visitor = visitor;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (line.wordIndex() == 0) {
            Lobby.names().forEach(name -> candidates.add(new Candidate(name)));
            return;
        }
        Verb verb = Lobby.verb(line.words().getFirst());
        if (verb == null) {
            return;
        }
        if (line.word().startsWith("-")) {
            verb.options().forEach(option -> candidates.add(new Candidate(option.replace("=", ""))));
            return;
        }
        names(verb.names(), line).forEach(name -> candidates.add(new Candidate(name)));
    }

    private List<String> names(Verb.Names kind, ParsedLine line) {
        return switch (kind) {
            case NONE -> List.of();
            case VERBS -> Lobby.names();
            case CONTAINERS -> containers();
            case VOLUMES -> volumes(line.words(), line.wordIndex());
            case IMAGES ->
                images.get(() -> texts(
                        visitor.rest().get("images").path("items").valueStream().toList(), "alias"));
        };
    }

    private List<String> containers() {
        return containers.get(() -> texts(Lists.all(visitor, visitor.path("containers")), "name"));
    }

    /** {@code volume rm VOLUME}, but {@code volume detach NAME VOLUME}. */
    private List<String> volumes(List<String> words, int index) {
        if (index == 1) {
            return VolumeVerbs.WORDS;
        }
        boolean isOfContainer = words.get(1).equals("attach") || words.get(1).equals("detach");
        if (isOfContainer && index == 2) {
            return containers();
        }
        return index == (isOfContainer ? 3 : 2)
                ? volumes.get(() -> texts(Lists.all(visitor, visitor.path("volumes")), "name"))
                : List.of();
    }

    /** Where names come from. */
    private interface Source {
        List<String> ask() throws RefusedException, SilentException, InterruptedException;
    }

    /** Names as they were a moment ago; a platform that does not answer completes nothing. */
    private static final class Known {
        private List<String> names = List.of();
        private long askedNanos;
        private boolean asked;

        List<String> get(Source source) {
            if (asked && System.nanoTime() - askedNanos < FRESH.toNanos()) {
                return names;
            }
            asked = true;
            askedNanos = System.nanoTime();
            try {
                names = source.ask();
            } catch (RefusedException | SilentException e) {
                names = List.of();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return names;
        }
    }

    private static List<String> texts(List<JsonNode> items, String field) {
        return items.stream()
                .map(item -> item.path(field).asString(""))
                .filter(name -> name.matches("[A-Za-z0-9/._-]+"))
                .distinct()
                .toList();
    }
}
