// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.platform.problem.ProblemException;
import java.util.regex.Pattern;

/** A system call's name as it stands in a path; whether there is such a call, the node knows. */
public final class CallName {
    private static final Pattern FORM = Pattern.compile("[a-z_][a-z0-9_]{0,39}");

    private CallName() {}

    /**
     * @param field what the caller calls it
     * @throws ProblemException when it is none
     */
    public static String checked(String field, String name) {
        if (!FORM.matcher(name).matches()) {
            throw ProblemException.field(
                    field, field + ": is no system call's name; use one as in man 2 syscalls, such as vmsplice");
        }
        return name;
    }
}
