// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.container;

import io.berth.core.client.Agent;
import io.berth.core.protocol.UsageStatus;
import io.berth.platform.node.AgentCalls;
import io.berth.platform.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** What running containers use, for whoever collects metrics. */
@Component
class ContainerMeters {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerMeters.class);
    private static final double MICROS = 1e6;

    private final AgentCalls agent;
    private final Containers containers;
    private final MultiGauge cpu;
    private final MultiGauge memory;
    private final MultiGauge memoryLimit;
    private final MultiGauge pids;

    ContainerMeters(AgentCalls agent, Containers containers, MeterRegistry registry) {
        this.agent = agent;
        this.containers = containers;
        this.cpu = MultiGauge.builder("berth.container.cpu.seconds")
                .description("processor time since its init was started")
                .register(registry);
        this.memory = MultiGauge.builder("berth.container.memory.bytes").register(registry);
        this.memoryLimit =
                MultiGauge.builder("berth.container.memory.limit.bytes").register(registry);
        this.pids = MultiGauge.builder("berth.container.processes").register(registry);
    }

    private record Figures(Container container, UsageStatus usage) {
        MultiGauge.Row<Figures> row(ToDoubleFunction<Figures> value) {
            Tags tags = Tags.of(
                    "tenant", container.tenant(),
                    "container", container.name(),
                    "node", container.node());
            return MultiGauge.Row.of(tags, this, value);
        }
    }

    @Scheduled(fixedRateString = "PT15S")
    void measure() {
        try {
            List<Figures> figures = figures();
            write(cpu, figures, it -> it.usage().cpuMicros() / MICROS);
            write(memory, figures, it -> it.usage().memoryBytes());
            write(memoryLimit, figures, it -> it.container().limits().memoryBytes());
            write(pids, figures, it -> it.usage().pids());
        } catch (ProblemException | DataAccessException | TransactionException e) {
            LOG.debug("no figures this time", e);
            List.of(cpu, memory, memoryLimit, pids).forEach(gauge -> gauge.register(List.of(), true));
        }
    }

    private List<Figures> figures() {
        List<UsageStatus> usages = agent.ask(Agent::usages);
        Map<UUID, Container> rows = containers
                .all(usages.stream().map(usage -> usage.id().value()).toList())
                .stream()
                .collect(Collectors.toMap(Container::id, Function.identity()));
        return usages.stream()
                .flatMap(
                        usage -> Optional.ofNullable(rows.get(usage.id().value()))
                                .map(container -> new Figures(container, usage))
                                .stream())
                .toList();
    }

    private static void write(MultiGauge gauge, List<Figures> figures, ToDoubleFunction<Figures> value) {
        gauge.register(figures.stream().map(it -> it.row(value)).toList(), true);
    }
}
