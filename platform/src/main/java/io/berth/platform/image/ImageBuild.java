// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.image;

import io.berth.core.client.Agent;
import io.berth.core.spec.ImageAlias;
import io.berth.platform.operation.OperationHandler;
import io.berth.platform.operation.OperationKind;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Has the node build an image. */
@Component
class ImageBuild implements OperationHandler {
    private final Agent agent;
    private final Images images;

    ImageBuild(Agent agent, Images images) {
        this.agent = agent;
        this.images = images;
    }

    @Override
    public Set<OperationKind> kinds() {
        return Set.of(OperationKind.IMAGE_BUILD);
    }

    @Override
    public void run(Work work) {
        agent.buildImage(new ImageAlias(work.target().id()), work.progress());
        images.replace(agent.images());
    }

    /** A build that failed leaves nothing: the node clears it away itself. */
    @Override
    public void failed(Work work, String reason) {}
}
