// @ts-check
import { initSchema } from '@aws-amplify/datastore';
import { schema } from './schema';

const PostStatus = {
  "DRAFT": "DRAFT",
  "IN_REVIEW": "IN_REVIEW",
  "PUBLISHED": "PUBLISHED",
  "ARCHIVED": "ARCHIVED"
};

const { Blog, Post, Comment, Tag, PostTags, Picture, Theme } = initSchema(schema);

export {
  Blog,
  Post,
  Comment,
  Tag,
  PostTags,
  PostStatus,
  Picture,
  Theme
};