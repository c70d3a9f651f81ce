// SPDX-License-Identifier: Apache-2.0
package io.berth.core.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A user as a container's own passwd(5) and group(5) describe it. Both files are the tenant's: they are read by a process that
 * is already inside, and only parsed here.
 *
 * @param name login name
 * @param uid user id inside the container, 0 to 65535
 * @param gid primary group id inside the container, 0 to 65535
 * @param groups supplementary group ids, at most 1024
 * @param home home directory, absolute
 * @param shell login shell, absolute
 */
public record Account(String name, int uid, int gid, List<Integer> groups, String home, String shell) {
    private static final int MOST_GROUPS = 1024;
    private static final int MOST_ID = 65_535;

    public Account {
        groups = List.copyOf(groups);
    }

    /**
     * Looks a user up.
     *
     * @param passwd text of /etc/passwd
     * @param group text of /etc/group
     */
    public static Optional<Account> find(String name, String passwd, String group) {
        return passwd.lines()
                .filter(line -> line.startsWith(name + ":"))
                .filter(line -> line.indexOf('\0') < 0) // no path and no argument could hold it
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length == 7 && fields[0].equals(name))
                .filter(fields -> isId(fields[2]) && isId(fields[3]))
                .findFirst()
                .map(fields -> of(fields, group));
    }

    private static Account of(String[] fields, String group) {
        int gid = Integer.parseInt(fields[3]);
        String home = fields[5].startsWith("/") ? fields[5] : "/";
        String shell = fields[6].startsWith("/") ? fields[6] : "/bin/sh";
        return new Account(fields[0], Integer.parseInt(fields[2]), gid, groups(fields[0], gid, group), home, shell);
    }

    private static List<Integer> groups(String name, int gid, String group) {
        List<Integer> ids = new ArrayList<>(List.of(gid));
        group.lines()
                .filter(line -> line.contains(name))
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length == 4 && isId(fields[2]))
                .filter(fields -> List.of(fields[3].split(",")).contains(name))
                .map(fields -> Integer.parseInt(fields[2]))
                .filter(id -> !ids.contains(id))
                .limit(MOST_GROUPS - 1)
                .forEach(ids::add);
        return ids;
    }

    private static boolean isId(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) < MOST_ID;
    }
}
