// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import java.util.ArrayList;
import java.util.List;

/** Examines the host: tries each thing that Berth needs, and leaves nothing behind. Needs root for most of it. */
public final class Doctor {
    private final HostSettings host;

    public Doctor(HostSettings host) {
        this.host = host;
    }

    public List<Finding> examine() {
        List<Finding> findings = new ArrayList<>(new HostChecks(host).all());
        findings.addAll(KernelChecks.all());
        findings.addAll(new SecurityChecks(host.agent()).all());
        findings.addAll(new StorageChecks(host.agent()).all());
        var processes = new ProcessFile(host.agent().runDir());
        findings.addAll(new NetworkChecks(host, processes).all());
        return findings;
    }
}
