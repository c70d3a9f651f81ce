// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Fd;
import io.berth.core.plan.Plan;
import io.berth.core.plan.PlanBuilder;
import io.berth.core.process.Account;
import java.util.List;

/** What a process does inside a container once it is the user, and what comes of it. For one {@link Entering}. */
interface Task<T> extends AutoCloseable {
    /** What it has as descriptors 0, 1 and 2. */
    List<Fd> standard();

    /** Whether its stdin is to become its terminal. */
    default boolean takesTerminal() {
        return false;
    }

    /** Whether its steps tell nothing and end in the execution of a program. */
    default boolean executes() {
        return false;
    }

    /** Gives the user what is to be theirs, before the process becomes that user. */
    default void own(Account account) {}

    /** Adds the steps, the last of which ends the process or executes a program. */
    void compose(PlanBuilder plan, Account account);

    /** What it has beside those, for a program that it executes. */
    default List<Fd> lent() {
        return List.of();
    }

    /** @param lentAt the number that the first of what is lent has */
    default void compose(PlanBuilder plan, Account account, int lentAt) {
        compose(plan, account);
    }

    /**
     * The process is on its way through those steps.
     *
     * @param arrival ends it when closed, unless it was taken
     */
    T arrived(Arrival arrival, Plan plan);

    /** Closes the process's side, and ours too when nothing came of it. */
    @Override
    void close();
}
