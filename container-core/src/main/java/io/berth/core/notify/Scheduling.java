// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.capability.Capability;
import io.berth.core.linux.Errno;
import io.berth.core.linux.ProcessCalls;

/**
 * sched_setscheduler(2) to real time, which the kernel gives nobody in a user namespace, as such a thread starves whatever runs on its
 * processor, other tenants' included. Programs mean by it "before all the others here": nice -20, and a container's cgroup
 * keeps that among its own threads.
 */
record Scheduling(Call call) {
    private static final int MOST_NICE = -20;

    Response respond() {
        CallerTask caller = call.openCaller();
        CallerTask.Status status = caller.status();
        int pid = call.notification().argument(0);
        if (!status.has(Capability.CAP_SYS_NICE.number()) || !call.isOfContainer(caller)) {
            return Response.EPERM;
        }
        if (pid != 0 && pid != status.innermostTid()) {
            // another's number in the caller's pid namespace; to translate it, one would have to search /proc
            return new Response.Denied("real-time scheduling is emulated for the calling thread only");
        }
        int priority = caller.memory(call.notification().arguments()[2], Integer.BYTES)[0];
        if (priority < 1 || priority > 99) { // sched_get_priority_min(2) and _max
            return new Response.Failed(Errno.EINVAL);
        }
        // no call takes a pidfd for this: a thread that is killed right here leaves its number free, but to get it
        // again, others
        // must have used up all that follow
        ProcessCalls.setpriority(call.notification().tid(), MOST_NICE);
        return Response.DONE;
    }
}
