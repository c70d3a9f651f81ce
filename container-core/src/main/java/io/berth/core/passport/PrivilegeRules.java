// SPDX-License-Identifier: Apache-2.0
package io.berth.core.passport;

import java.util.List;

/** Capabilities, seccomp, no_new_privs and the security module's label of PID 1. */
final class PrivilegeRules {
    private static final int SECCOMP_MODE_FILTER = 2; // include/uapi/linux/seccomp.h

    private PrivilegeRules() {}

    static List<Line> judge(Facts facts, Expectation expectation) {
        StatusFile status = StatusFile.parse(facts.init().status());
        return List.of(
                noNewPrivileges(status),
                mode(status),
                filters(status, expectation),
                capabilities("bounding", "CapBnd", status, expectation),
                capabilities("permitted", "CapPrm", status, expectation),
                capabilities("effective", "CapEff", status, expectation),
                capabilities("inheritable", "CapInh", status, expectation),
                capabilities("ambient", "CapAmb", status, expectation),
                label(facts.init().label(), expectation));
    }

    private static Line noNewPrivileges(StatusFile status) {
        String found = status.text("NoNewPrivs");
        return new Line(
                "no_new_privs",
                found,
                "0, or 1 if its init wants so",
                found.equals("0") || found.equals("1"),
                "setuid programs inside have to work as on any machine; they reach no further than root inside");
    }

    private static Line mode(StatusFile status) {
        int mode = status.number("Seccomp");
        return new Line(
                "seccomp.mode",
                mode == SECCOMP_MODE_FILTER ? "2 (filter)" : String.valueOf(mode),
                "2 (filter)",
                mode == SECCOMP_MODE_FILTER,
                "system calls that a container has no use for never reach the kernel's code for them");
    }

    /** Filters are never taken away and are inherited by all: kernel/seccomp.c. */
    private static Line filters(StatusFile status, Expectation expectation) {
        int filters = status.number("Seccomp_filters"); // since Linux 5.9
        return new Line(
                "seccomp.filters",
                filters < 0 ? "not told by this kernel" : Integer.toString(filters),
                "at least " + expectation.filters(),
                filters < 0 || filters >= expectation.filters(),
                "a filter once installed stays, and init may add its own. Their programs are not shown:"
                        + " PTRACE_SECCOMP_GET_FILTER would have to stop the container's init");
    }

    private static Line capabilities(String set, String field, StatusFile status, Expectation expectation) {
        long found = status.hex(field);
        return new Line(
                "capabilities." + set,
                expectation.names().apply(found),
                "none but: " + expectation.names().apply(expectation.capabilities()),
                (found & ~expectation.capabilities()) == 0,
                "what is the host's affair needs no capability inside; the rest holds in its user namespace only");
    }

    private static Line label(String found, Expectation expectation) {
        String expected = expectation.label();
        return new Line(
                "lsm.label",
                found.isEmpty() ? "none: this kernel has no security module that labels" : found,
                expected.isEmpty() ? "none is asked for" : expected,
                expected.isEmpty() || expectation.labelHolds().test(found),
                "where the kernel has AppArmor or SELinux, a second policy stands behind the namespaces");
    }
}
