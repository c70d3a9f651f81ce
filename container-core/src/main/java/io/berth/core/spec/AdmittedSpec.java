// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A spec that may run. Nothing but {@link #admit} makes one, and nothing is stored or started without one, so no verb can forget
 * to ask: the flaw that Incus and LXD had again and again was a policy that stood at some verbs and not at others.
 */
public final class AdmittedSpec {
    /** A path takes a container's id or name in the same place, so no name may be mistaken for an id. */
    private static final Pattern ID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final ContainerSpec spec;

    private AdmittedSpec(ContainerSpec spec) {
        this.spec = spec;
    }

    /**
     * The one gate: every verb that makes, changes or runs a container composes the whole spec that is to be, and brings it here.
     *
     * @throws InvalidSpecException naming the first field that the allowance does not cover
     */
    public static AdmittedSpec admit(Allowance allowance, ContainerSpec desired) {
        require(
                desired.tenant().equals(allowance.tenant()),
                "tenant",
                "'" + desired.tenant() + "' is not the tenant who asks, '" + allowance.tenant() + "'");
        require(
                !ID_FORM.matcher(desired.name().value()).matches(),
                "name",
                "'" + desired.name() + "' has an id's form; choose another name");
        require(
                allowance.networks().contains(desired.network()),
                "network",
                desired.network() + " cannot be had here; there is " + allowance.networks());
        require(
                allowance.images().test(desired.image()),
                "image",
                "there is no image " + desired.image()
                        + " here that the tenant may use; build it with: berth image build ALIAS");
        require(
                allowance.devices().containsAll(desired.devices().all()),
                "devices",
                "'" + desired.devices().describe() + "' cannot all be had here; there is "
                        + Devices.of(allowance.devices()).describe()
                        + "; load their modules: modprobe tun, fuse, kvm_intel or"
                        + " kvm_amd, a graphics driver that makes /dev/dri/renderD*");
        desired.volumes()
                .forEach(mount -> require(
                        allowance.volumes().test(mount.volume()),
                        "volumes",
                        "tenant '" + desired.tenant() + "' has no volume " + mount.volume()
                                + " here; make it, or choose one that is on the container's node"));
        desired.networkRules()
                .ports()
                .forEach(port -> require(
                        allowance.ports().has(port.hostPort()),
                        "ports",
                        port.describe() + " is no port of the node's that containers may publish; those are "
                                + allowance.ports().describe()));
        require(
                desired.network() == NetworkMode.NAT || desired.networkRules().equals(NetworkRules.NONE),
                "networkRules",
                "a container of network " + desired.network()
                        + " has nothing that rules could be for; make one with NAT");
        return new AdmittedSpec(desired);
    }

    private static void require(boolean holds, String field, String otherwise) {
        if (!holds) {
            throw new InvalidSpecException(field, otherwise);
        }
    }

    public ContainerSpec spec() {
        return spec;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AdmittedSpec admitted && admitted.spec.equals(spec);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(spec);
    }

    @Override
    public String toString() {
        return spec.toString();
    }
}
