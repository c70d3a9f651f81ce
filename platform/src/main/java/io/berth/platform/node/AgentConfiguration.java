// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.node;

import io.berth.core.client.Agent;
import io.berth.core.client.AgentConnection;
import io.berth.platform.settings.PlatformSettings;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The agent of the machine that the platform runs on. */
@Configuration(proxyBeanMethods = false)
class AgentConfiguration {
    /** Tests bring an agent of their own. */
    @Bean
    @ConditionalOnMissingBean
    Agent agent(PlatformSettings settings) {
        return new AgentConnection(settings.agentSocket());
    }
}
