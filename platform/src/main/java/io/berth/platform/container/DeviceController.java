// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Request;
import io.berth.core.spec.Device;
import io.berth.core.spec.Devices;
import io.berth.platform.node.AgentCalls;
import io.berth.platform.paging.Page;
import io.berth.platform.problem.ProblemException;
import io.berth.platform.problem.ProblemKind;
import io.berth.platform.security.Caller;
import io.berth.platform.tenant.Permission;
import io.berth.platform.tenant.Tenant;
import io.berth.platform.tenant.TenantAccess;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * What a container has of its host: its tenant sees it, operators change it, at once. The node keeps it, and does not let the platform hand out
 * kvm or gpu.
 */
@Tag(name = "devices")
@RestController
@RequestMapping("/api/v1/tenants/{tenant}/containers/{container}/devices")
class DeviceController {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceController.class);

    private final Containers containers;
    private final TenantAccess access;
    private final AgentCalls agent;
    private final Looks looks;

    DeviceController(Containers containers, TenantAccess access, AgentCalls agent, Looks looks) {
        this.containers = containers;
        this.access = access;
        this.agent = agent;
        this.looks = looks;
    }

    /** One that a host can have. */
    @Schema(name = "HostDevice")
    record Shown(
            Device name,

            @Schema(description = "whether the container has it")
            boolean there) {}

    @GetMapping
    Page<Shown> list(
            @AuthenticationPrincipal Caller caller, @PathVariable String tenant, @PathVariable String container) {
        Devices devices = find(caller, tenant, container).spec().devices();
        return new Page<>(
                Arrays.stream(Device.values())
                        .map(name -> new Shown(name, devices.has(name)))
                        .toList(),
                null);
    }

    @PutMapping("/{device}")
    Shown give(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @PathVariable Device device) {
        change(caller, tenant, container, device, true);
        return new Shown(device, true);
    }

    /** What has it open keeps it open. */
    @DeleteMapping("/{device}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void take(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String tenant,
            @PathVariable String container,
            @PathVariable Device device) {
        change(caller, tenant, container, device, false);
    }

    private ContainerStatus find(Caller caller, String tenant, String container) {
        Tenant owner = access.require(caller, tenant, Permission.READ);
        Container found = containers.get(owner, container);
        looks.admit(caller, owner);
        return agent.ask(it -> it.container(new Request.Inspect(found.containerId())));
    }

    /** One at a time: the node takes the whole set. */
    private synchronized void change(Caller caller, String tenant, String container, Device device, boolean wanted) {
        ContainerStatus status = find(caller, tenant, container); // 404 comes before 403
        caller.requireOperator();
        Set<Device> devices = status.spec().devices().all();
        if (wanted ? !devices.add(device) : !devices.remove(device)) {
            return;
        }
        if (Devices.of(devices).needRoot()) {
            throw new ProblemException(
                    ProblemKind.NODE_FORBIDDEN,
                    "the host's root alone gives kvm and gpu, and changes what has them; ask for: berth devices "
                            + status.id());
        }
        agent.ask(it -> it.container(new Request.ChangeDevices(status.id(), Devices.of(devices))));
        LOG.info(
                "event=devices-changed container={} {}={} by={}",
                status.id(),
                device,
                wanted ? "given" : "taken",
                caller.userName());
    }
}
