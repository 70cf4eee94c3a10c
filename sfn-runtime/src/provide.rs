//! What the program provides to its steps.

use std::{
    any::{Any, TypeId, type_name},
    collections::HashMap,
    fmt,
    sync::Arc,
};

use crate::{
    Client, Interceptor, Step, StepContext, StepMeta,
    intercept::Interceptors,
    large::{self, Offload},
};

/// Values that steps ask for with `#[inject]`, one a type. Cheap to clone.
///
/// ```
/// use std::sync::Arc;
/// use sfn_runtime::Providers;
///
/// #[derive(Clone)]
/// struct Db;
///
/// let mut providers = Providers::default();
/// providers.insert(Arc::new(Db));
/// assert!(providers.get::<Arc<Db>>().is_some());
/// assert!(providers.get::<Db>().is_none());
/// ```
#[derive(Clone, Default)]
pub struct Providers {
    values: Arc<HashMap<TypeId, Provided>>,
}

#[derive(Clone)]
struct Provided {
    type_name: &'static str,
    value: Arc<dyn Any + Send + Sync>,
    /// Gives a clone, where only the type's name is known.
    copy: fn(&dyn Any) -> Option<Box<dyn Any>>,
}

impl Providers {
    /// Provides a value to every `#[inject]` parameter of its type. Gives `true` when it replaced
    /// an earlier value of that type.
    pub fn insert<T: Clone + Send + Sync + 'static>(&mut self, value: T) -> bool {
        let provided = Provided {
            type_name: type_name::<T>(),
            value: Arc::new(value),
            copy: |value| Some(Box::new(value.downcast_ref::<T>()?.clone())),
        };
        Arc::make_mut(&mut self.values)
            .insert(TypeId::of::<T>(), provided)
            .is_some()
    }

    /// A clone of the value of this type.
    pub fn get<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        let provided = self.values.get(&TypeId::of::<T>())?;
        provided.value.downcast_ref::<T>().cloned()
    }

    /// As [`Providers::get`], for a type of which it is said elsewhere that it can be provided: an error is reported once.
    pub(crate) fn copy<T: 'static>(&self) -> Option<T> {
        let provided = self.values.get(&TypeId::of::<T>())?;
        let copy = (provided.copy)(&*provided.value)?;
        copy.downcast().ok().map(|copy| *copy)
    }

    /// Has this run around every step that is given these values; see [`Interceptor`].
    pub fn intercept(&mut self, interceptor: impl Interceptor) {
        let mut all = self.interceptors();
        all.add(None, interceptor);
        self.insert(all);
    }

    /// Has this run around the step `S`; see [`Interceptor`].
    pub fn intercept_step<S: Step>(&mut self, interceptor: impl Interceptor) {
        let mut all = self.interceptors();
        all.add(Some(S::META.name), interceptor);
        self.insert(all);
    }

    pub(crate) fn interceptors(&self) -> Interceptors {
        self.get().unwrap_or_default()
    }

    /// Keeps the [`Large`](crate::Large) values of these steps there.
    pub fn store_large(&mut self, store: impl large::Store) {
        self.insert(Offload::to(store));
    }

    /// Where large values are kept; `None` where they stay.
    pub(crate) fn offload(&self) -> Option<Offload> {
        self.get().or_else(Offload::of_environment)
    }

    /// Checks that everything these steps ask for is there.
    ///
    /// # Errors
    ///
    /// The first parameter, in the order given, whose type was not provided.
    pub fn check(&self, steps: &[&'static StepMeta]) -> Result<(), MissingProvider> {
        for step in steps {
            for inject in step.injects {
                let id = (inject.type_id)();
                // Every worker has these itself.
                let own = [TypeId::of::<StepContext>(), TypeId::of::<Client>()].contains(&id);
                if !own && !self.values.contains_key(&id) {
                    return Err(MissingProvider {
                        step: step.name,
                        param: inject.name,
                        type_name: (inject.type_name)(),
                    });
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<_> = self.values.values().map(|value| value.type_name).collect();
        names.sort_unstable();
        f.debug_set().entries(names).finish()
    }
}

/// A step asks for a value that the program does not provide.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "step `{step}` asks for `{param}: {type_name}`, which nobody provides\n\
     help: give one at start-up: `sfn_runtime::app().provide({param})`"
)]
#[non_exhaustive]
pub struct MissingProvider {
    /// The step.
    pub step: &'static str,
    /// The parameter marked `#[inject]`.
    pub param: &'static str,
    /// Its type.
    pub type_name: &'static str,
}
