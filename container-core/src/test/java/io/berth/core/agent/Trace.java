// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code strace -f -y --pidns-translation} wrote, as calls in the order of their ends, and who made them: a process belongs to the
 * container once it, or an ancestor before the fork, has entered a user namespace.
 */
final class Trace {
    private static final Pattern LINE = Pattern.compile("(\\d+) +(.*)", Pattern.DOTALL);
    private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. (\\w+) resumed>(.*)", Pattern.DOTALL);
    private static final Pattern CALL = Pattern.compile("(\\w+)\\((.*)\\) += (.*)", Pattern.DOTALL);
    private static final Pattern TRANSLATED = Pattern.compile("/\\* (\\d+) in strace's PID NS \\*/");
    private static final String UNFINISHED = " <unfinished ...>";
    private static final Set<String> FORKS = Set.of("clone", "clone3", "fork", "vfork");

    /**
     * One call.
     *
     * @param start the line in which it began
     * @param result as strace says it, such as {@code 3</etc>} or {@code -1 ENOENT (…)}
     */
    record Call(int pid, int start, String name, List<String> arguments, String result) {
        boolean failed() {
            return result.startsWith("-1") || result.startsWith("?");
        }

        /** The arguments as one text, to look for flags in. */
        String text() {
            return String.join(", ", arguments);
        }

        @Override
        public String toString() {
            return pid + " " + name + "(" + text() + ") = " + result;
        }
    }

    private record Birth(int parent, int start, boolean thread) {}

    private final List<Call> calls = new ArrayList<>();
    private final Map<Integer, Birth> births = new HashMap<>();
    private final Map<Integer, Integer> entered = new HashMap<>();
    private final Map<Integer, String> pending = new HashMap<>();
    private final Map<Integer, Integer> pendingStart = new HashMap<>();
    private final Set<Integer> seen = new HashSet<>();
    private final int first;

    Trace(List<String> lines) {
        first = Integer.parseInt(match(LINE, lines.getFirst()).group(1));
        for (int i = 0; i < lines.size(); i++) {
            read(i, match(LINE, lines.get(i)));
        }
        calls.forEach(this::note);
    }

    private static Matcher match(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not strace's: " + text);
        }
        return matcher;
    }

    private void read(int number, Matcher line) {
        int pid = Integer.parseInt(line.group(1));
        String text = line.group(2);
        seen.add(pid);
        if (text.startsWith("+++") || text.startsWith("---")) {
            return;
        }
        int start = number;
        Matcher resumed = RESUMED.matcher(text);
        if (resumed.matches()) {
            text = pending.getOrDefault(pid, resumed.group(1) + "(") + resumed.group(2);
            start = pendingStart.getOrDefault(pid, number);
            pending.remove(pid);
        }
        if (text.endsWith(UNFINISHED)) {
            pending.put(pid, text.substring(0, text.length() - UNFINISHED.length()));
            pendingStart.put(pid, start);
            return;
        }
        Matcher call = CALL.matcher(text);
        if (call.matches()) {
            calls.add(new Call(pid, start, call.group(1), split(call.group(2)), call.group(3)));
            if (FORKS.contains(call.group(1)) && call.group(3).startsWith("?")) {
                pending.put(
                        pid, text); // killed before it returned: strace says so, and there may be a child all the same
            }
        }
    }

    /** At the commas that are in no string, bracket or annotation. */
    static List<String> split(String arguments) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        boolean quoted = false;
        boolean annotated = false;
        int from = 0;
        for (int i = 0; i < arguments.length(); i++) {
            char c = arguments.charAt(i);
            if (quoted || annotated) {
                if (c == '\\') {
                    i++;
                } else {
                    quoted &= c != '"';
                    annotated &= c != '>';
                }
                continue;
            }
            switch (c) {
                case '"' -> quoted = true;
                case '<' -> annotated = i > 0 && Character.isLetterOrDigit(arguments.charAt(i - 1));
                case '(', '[', '{' -> depth++;
                case ')', ']', '}' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        parts.add(arguments.substring(from, i).strip());
                        from = i + 1;
                    }
                }
                default -> {}
            }
        }
        parts.add(arguments.substring(from).strip());
        return List.copyOf(parts);
    }

    private void note(Call call) {
        if (call.failed()) {
            return;
        }
        if (FORKS.contains(call.name)) {
            Matcher translated = TRANSLATED.matcher(call.result);
            int child = translated.find()
                    ? Integer.parseInt(translated.group(1))
                    : Integer.parseInt(call.result.replaceFirst("\\D.*", ""));
            births.put(child, new Birth(call.pid, call.start, call.text().contains("CLONE_THREAD")));
        } else if (call.name.equals("setns") || call.name.equals("unshare")) {
            if (call.text().contains("CLONE_NEWUSER")) {
                entered.putIfAbsent(call.pid, call.start);
            }
        }
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    /** Whether a process of the initial user namespace made it. */
    boolean outside(Call call) {
        return call.start <= enteredAt(call.pid);
    }

    /** The line from which on a process is in a user namespace; in that very line, it asks for it. */
    private int enteredAt(int pid) {
        int itself = entered.getOrDefault(pid, Integer.MAX_VALUE);
        if (pid == first) {
            return itself;
        }
        Birth birth = births.get(pid);
        if (birth == null) {
            return orphan(pid);
        }
        return birth.start > enteredAt(birth.parent) ? -1 : itself;
    }

    /** Its parent was killed before the fork returned; all such forks must have been the container's. */
    private int orphan(int pid) {
        boolean ofContainer = !pending.isEmpty()
                && pending.entrySet().stream()
                        .filter(entry ->
                                FORKS.stream().anyMatch(fork -> entry.getValue().startsWith(fork + "(")))
                        .allMatch(entry ->
                                births.containsKey(entry.getKey()) && enteredAt(entry.getKey()) < Integer.MAX_VALUE);
        if (!ofContainer) {
            throw new IllegalStateException("whose child is " + pid + "?");
        }
        return -1;
    }

    /** The process that a thread belongs to, whose descriptors it shares. */
    int process(int pid) {
        Birth birth = births.get(pid);
        return birth != null && birth.thread ? process(birth.parent) : pid;
    }
}
