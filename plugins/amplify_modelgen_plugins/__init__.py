"""The plugins that come with amplify-modelgen. They use only what a third party could use."""
