/**
 * Tells the bridge that there is a message to read. Nothing here may stop somebody's message: an exception that leaves
 * this trigger would. What is not told is found by the bridge's own looking.
 */
trigger ChatterMessagePublish on ChatterMessage (after insert) {
    try {
        EventBus.publish(ChatterMessageEvents.of(Trigger.new));
    } catch (Exception problem) {
        System.debug(LoggingLevel.ERROR, problem.getTypeName());
    }
}
