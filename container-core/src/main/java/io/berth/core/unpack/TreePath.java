// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import static io.berth.core.unpack.RefusedArchiveException.quoted;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Where in the tree something goes: names from the root down, none for the root itself. */
record TreePath(List<String> names) {
    private static final int NAME_MAX = 255; // include/uapi/linux/limits.h
    private static final int PATH_MAX = 4095; // the same, less its NUL
    /** Far deeper than distributions go; whoever walks a tree holds descriptors for each level. */
    private static final int MOST_LEVELS = 200;

    TreePath {
        names = List.copyOf(names);
    }

    /**
     * @param name as an archive has it; a leading {@code ./} and a trailing slash mean nothing
     * @throws RefusedArchiveException when it leads out of the tree, or no file system could have it
     */
    static TreePath of(String name) {
        if (name.startsWith("/")) {
            throw new RefusedArchiveException(quoted(name) + " is an absolute path");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > PATH_MAX) {
            throw new RefusedArchiveException(quoted(name) + " is a path of more than " + PATH_MAX + " bytes");
        }
        List<String> names = new ArrayList<>();
        for (String part : name.split("/", -1)) {
            if (!part.isEmpty() && !part.equals(".")) {
                names.add(checked(part, name));
            }
        }
        if (names.size() > MOST_LEVELS) {
            throw new RefusedArchiveException(quoted(name) + " is more than " + MOST_LEVELS + " levels deep");
        }
        return new TreePath(names);
    }

    private static String checked(String part, String name) {
        if (part.equals("..")) {
            throw new RefusedArchiveException(quoted(name) + " leads out of its directory by '..'");
        }
        if (part.indexOf('\0') >= 0 || part.getBytes(StandardCharsets.UTF_8).length > NAME_MAX) {
            throw new RefusedArchiveException(quoted(name) + " has a name that no file can have");
        }
        return part;
    }

    boolean isRoot() {
        return names.isEmpty();
    }

    /** Not for the root. */
    TreePath parent() {
        return new TreePath(names.subList(0, names.size() - 1));
    }

    /** The same directory's other name. */
    TreePath sibling(String name) {
        List<String> other = new ArrayList<>(names.subList(0, names.size() - 1));
        other.add(checked(name, String.join("/", names)));
        return new TreePath(other);
    }

    /** Not for the root. */
    String name() {
        return names.getLast();
    }

    byte[] nameBytes() {
        return name().getBytes(StandardCharsets.UTF_8);
    }

    boolean isBelow(String directory) {
        return names.size() > 1 && names.getFirst().equals(directory);
    }

    String shown() {
        return quoted(toString());
    }

    @Override
    public String toString() {
        return isRoot() ? "." : String.join("/", names);
    }
}
