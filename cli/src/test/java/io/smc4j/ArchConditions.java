package io.smc4j;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.lang.annotation.Annotation;

/** Conditions that ArchUnit does not bring. */
final class ArchConditions {
    private ArchConditions() {}

    static ArchCondition<JavaClass> bePartOfAPackageAnnotatedWith(Class<? extends Annotation> annotation) {
        return new ArchCondition<>("be part of a package annotated with @" + annotation.getSimpleName()) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean annotated = type.getPackage().isAnnotatedWith(annotation);
                events.add(new SimpleConditionEvent(
                        type,
                        annotated,
                        "package " + type.getPackageName() + " of " + type.getSimpleName()
                                + (annotated ? " is " : " is not ") + "annotated with @" + annotation.getSimpleName()));
            }
        };
    }
}
