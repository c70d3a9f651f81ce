// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.process.Account;
import io.berth.core.spec.GuestUser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * A container's passwd and group, as a process inside showed them, and by what they are known to be unchanged.
 *
 * @param passwd text of the file; empty when there is none
 */
record Accounts(FileIdentity passwdFile, String passwd, FileIdentity groupFile, String group) {
    static final String PASSWD = "/etc/passwd";
    static final String GROUP = "/etc/group";

    /** What is kept of a container's files is bounded. */
    private static final int MOST_KEPT = 64 << 10;

    /**
     * Reads what {@link EnterPlan} showed.
     *
     * @param file both files, each a status and its text
     * @param passwdBytes length of the text, negative when there is none and no status
     */
    static Accounts read(Fd file, long passwdBytes, long groupBytes) {
        int groupAt = passwdBytes < 0 ? 0 : FileIdentity.BYTES + Math.toIntExact(passwdBytes);
        return new Accounts(
                identity(file, 0, passwdBytes),
                text(file, 0, passwdBytes),
                identity(file, groupAt, groupBytes),
                text(file, groupAt, groupBytes));
    }

    private static FileIdentity identity(Fd file, int at, long length) {
        return FileIdentity.of(
                length < 0 ? new byte[FileIdentity.BYTES] : FileCalls.pread(file, at, FileIdentity.BYTES));
    }

    private static String text(Fd file, int at, long length) {
        return length <= 0
                ? ""
                : new String(
                        FileCalls.pread(file, at + FileIdentity.BYTES, Math.toIntExact(length)),
                        StandardCharsets.UTF_8);
    }

    /** Whether the next login may go by them as long as the files are unchanged. */
    boolean isWorthKeeping(Instant now) {
        return passwd.length() + group.length() <= MOST_KEPT && passwdFile.isSettled(now) && groupFile.isSettled(now);
    }

    /** Adds steps that go to the label unless both files are unchanged. */
    void compare(PlanBuilder plan, String otherwise) {
        passwdFile.compare(plan, PASSWD, otherwise);
        groupFile.compare(plan, GROUP, otherwise);
    }

    Optional<Account> find(GuestUser user) {
        return Account.find(user.value(), passwd, group);
    }
}
